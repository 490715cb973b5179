"""SHA-256, without the time that `hashlib` takes to load OpenSSL, which is a tenth of what a command may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # CPython from 3.12
    except ImportError:
        try:
            from _sha256 import sha256  # CPython before
        except ImportError:
            from hashlib import sha256

__all__ = ["sha256"]
