import pytest

from bot.line.signature import is_signed, sign

# LINE's own example: developers.line.biz, "Verify webhook signature".
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = b"GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_lines_own_example_is_genuine() -> None:
    assert is_signed([SECRET], BODY, SIGNATURE)
    assert sign(SECRET, BODY).encode() == SIGNATURE


def test_any_of_several_secrets_is_enough_during_a_change() -> None:
    assert is_signed(["new", SECRET], BODY, SIGNATURE)


@pytest.mark.parametrize(
    "signature",
    [None, b"", b"x", SIGNATURE[:-1], SIGNATURE + b"A", b"\xff\xfe\xe3\x81\x82", "署名".encode(), b"A" * 44, b"G" + SIGNATURE[2:] + b"="],
)
def test_anything_else_is_refused(signature: bytes | None) -> None:
    assert not is_signed([SECRET], BODY, signature)


def test_one_changed_byte_is_refused() -> None:
    assert not is_signed([SECRET], BODY.replace(b"[]", b"[ ]"), SIGNATURE)
