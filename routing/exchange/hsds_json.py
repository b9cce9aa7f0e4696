"""HSDS 3.0 as one JSON file."""

import json
from collections.abc import Mapping
from typing import Any

from routing.exchange.hsds_read import from_page
from routing.exchange.hsds_write import to_page
from routing.exchange.unreadable import UnreadableError
from routing.table import Table


def to_hsds(tables: Mapping[str, Table]) -> bytes:
    """Return the services of a directory as JSON in UTF-8."""
    return (json.dumps(to_page(tables), ensure_ascii=False, indent=2) + "\n").encode()


def from_hsds(raw: bytes) -> dict[str, Table]:
    """Read such a file: the tables it holds. Raises UnreadableError when it is no HSDS."""
    return from_page(load_json(raw))


def load_json(raw: bytes) -> Any:
    """Read JSON; raises UnreadableError saying where it breaks off."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UnreadableError(f"JSON として読めません（{error.lineno}行 {error.colno}文字目）") from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise UnreadableError("JSON として読めません。UTF-8 の HSDS 3.0 のファイルを指定してください") from error
