"""Passkeys: what the browser is asked, and whether its answer is true."""

from collections.abc import Collection
from dataclasses import dataclass

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from handoff.accounts.factor_models import SecondFactor
from handoff.accounts.models import Staff

_NAME = "つなぎ"
_LONGEST_ID = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the console stands, as browsers see it. A passkey works there and nowhere else."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """A passkey that a browser has made."""

    credential_id: str
    public_key: bytes
    sign_count: int


def new_challenge() -> str:
    """Return what a passkey is to sign, 512 random bits."""
    return bytes_to_base64url(webauthn.helpers.generate_challenge())


def _known(passkeys: Collection[SecondFactor]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in passkeys if key.credential_id]


def registration_options(site: Site, staff: Staff, challenge: str, passkeys: Collection[SecondFactor]) -> str:
    """Return, as JSON, what the browser needs for making a passkey. One that is registered already is not made twice."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=staff.id.encode(),
        user_name=staff.login,
        user_display_name=staff.display_name,
        challenge=base64url_to_bytes(challenge),
        exclude_credentials=_known(passkeys),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return webauthn.options_to_json(options)


def login_options(site: Site, challenge: str, passkeys: Collection[SecondFactor]) -> str:
    """Return, as JSON, what the browser needs for signing with a passkey."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=base64url_to_bytes(challenge), allow_credentials=_known(passkeys)
    )
    return webauthn.options_to_json(options)


def find_new_passkey(site: Site, challenge: str, credential: str) -> NewPasskey | None:
    """Return the passkey that an answer tells of; None when it does not hold for this site and this challenge."""
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    credential_id = bytes_to_base64url(made.credential_id)
    if len(credential_id) > _LONGEST_ID:
        return None
    return NewPasskey(credential_id=credential_id, public_key=made.credential_public_key, sign_count=made.sign_count)


def credential_id_of(credential: str) -> str:
    """Return the id of the passkey that an answer names; empty when it is no such answer."""
    try:
        parsed = webauthn.helpers.parse_authentication_credential_json(credential)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return ""
    return bytes_to_base64url(parsed.raw_id)


def signed_count(site: Site, challenge: str, credential: str, passkey: SecondFactor) -> int | None:
    """Return the new counter of a passkey that has signed; None when the signature does not hold, or its counter went back."""
    if passkey.public_key is None:
        return None
    try:
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return signed.new_sign_count
