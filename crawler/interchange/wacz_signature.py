"""Signature of a WACZ by a key: anonymous signature of WACZ Signing and Verification 0.1.0.

ECDSA with SHA-256 on curve P-384 over the text `sha256:...` of the description's hash, the signature as r and s of 48 bytes each: as
ArchiveWeb.page makes it and ReplayWeb.page checks it. The signature by a domain's certificate, as authsign makes it, is not made.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crawler.errors import SetupError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SCHEME = "anonymous signature (WACZ Signing and Verification 0.1.0), ECDSA P-384 with SHA-256"
_NUMBER_BYTES = 48
_MAKE_ONE = "`openssl ecparam -name secp384r1 -genkey -noout -out key.pem` makes one"


@frozen(kw_only=True)
class SigningKey:
    """A private key that signs WACZ files."""

    _key: EllipticCurvePrivateKey

    @classmethod
    def read(cls, path: Path) -> SigningKey:
        """Read a PEM file.

        Raises:
            SetupError: It is not there, or holds no unencrypted P-384 key.
        """
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise SetupError(f"ARCHIVE_WACZ_KEY: {path}: {error.strerror or error}") from error
        except (ValueError, TypeError) as error:
            raise SetupError(f"ARCHIVE_WACZ_KEY: {path}: no private key in PEM without a password; {_MAKE_ONE}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp384r1":
            raise SetupError(f"ARCHIVE_WACZ_KEY: {path}: not a key of the curve P-384, which readers of WACZ know; {_MAKE_ONE}")
        return cls(key=key)

    def sign(self, digest: str, *, created: str, software: str) -> dict[str, str]:
        """Make `signedData` for a description's hash.

        Args:
            digest: `sha256:` and lower-case hex.
            created: As the description says it.
        """
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        r, s = decode_dss_signature(self._key.sign(digest.encode(), ec.ECDSA(SHA256())))
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "hash": digest,
            "created": created,
            "software": software,
            "signature": b64encode(r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES)).decode(),
            "publicKey": b64encode(public).decode(),
        }
