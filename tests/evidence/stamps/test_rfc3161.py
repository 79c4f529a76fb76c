"""Stamps of authorities: what is right is proved, what is wrong is refused by its name."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from holdfire.errors import HoldfireError
from holdfire.evidence.stamps import rfc3161
from holdfire.evidence.stamps.refusals import (
    ForgedStampError,
    NotGrantedError,
    OtherHashError,
    OtherNonceError,
    PeriodError,
    PurposeError,
    StampError,
    UnreadableError,
    UntrustedError,
)
from holdfire.sealing import der
from holdfire.sealing.certificate import read_file
from simulators.authority import CA, DAY, NOW, TIME, Maker, OpensslAuthority, attribute, openssl_verifies

VECTORS = Path(__file__).parents[2] / "vectors/rfc3161"
STATEMENT = b'["00","holdfire stamp 1","11"]'
DIGEST = hashlib.sha256(STATEMENT).digest()

GOOD = Maker()
ASKED = rfc3161.request(DIGEST)
ANSWER = GOOD.answer(ASKED.text)


def judge(maker: Maker, answer: bytes, **other: Any) -> rfc3161.Proven:
    return rfc3161.judge(answer, DIGEST, read_file(maker.pem), nonce=ASKED.nonce, **other)


def made(maker: Maker, **wrong: Any) -> rfc3161.Proven:
    return judge(maker, maker.answer(ASKED.text, **wrong))


class TestRequest:
    def test_openssl_reads_it_as_meant(self, tmp_path: Path) -> None:
        import subprocess  # noqa: PLC0415

        (tmp_path / "q").write_bytes(ASKED.text)
        shown = subprocess.run(
            ["openssl", "ts", "-query", "-in", "q", "-text"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout
        assert f"Nonce: 0x{ASKED.nonce:X}" in shown
        assert "Certificate required: yes" in shown
        assert "Policy OID: unspecified" in shown

    @given(st.binary(min_size=32, max_size=32))
    def test_every_request_has_the_same_length_and_another_number(self, digest: bytes) -> None:
        one, other = rfc3161.request(digest), rfc3161.request(digest)
        assert len(one.text) == len(other.text) == 69
        assert one.nonce != other.nonce

    def test_the_vector_of_the_format(self) -> None:
        digest = bytes.fromhex("6b0a551074bd7cfc3bb9fbf9857e2ad0cace86e44ba9d681ca364b249c1f742f")
        text = rfc3161.request_with(digest, 0x0102030405060708).hex()
        assert text in (Path(__file__).parents[3] / "docs/formats/stamps.md").read_text("utf-8")


class TestVectors:
    CASES: ClassVar[dict[str, tuple[str, Any]]] = {
        "identrust/issue-104.tsr": ("sha512", "2025-03-11 08:52:08"),
        "sigstage/response-invalid-signature.tsr": ("sha256", ForgedStampError),
        "sigstage/response-no-embedded-cert.tsr": ("sha256", "2025-06-18 08:13:02"),
        "sigstage/response-sha256.tsr": ("sha256", "2025-05-09 11:58:55"),
        "sigstage/response-sha384.tsr": ("sha384", "2025-05-09 11:58:55"),
        "sigstage/response-sha512.tsr": ("sha512", "2025-05-09 11:58:56"),
        "sigstore.mock/response-expired.tsr": ("sha256", "2023-02-01 00:00:00"),
        # Stamped by another chain of the same names.
        "test_tsa/other_response.tsr": ("sha512", UntrustedError),
        # Right, with two certificates of a stranger put before the signer's: they prove nothing and harm nothing.
        "test_tsa/response-injected-certs.tsr": ("sha512", "2024-10-08 15:40:32"),
        "test_tsa/response.tsr": ("sha512", "2024-10-08 15:40:32"),
    }

    def test_all_are_here(self) -> None:
        assert {str(one.relative_to(VECTORS)) for one in VECTORS.glob("*/*.tsr")} == set(self.CASES)

    @pytest.mark.parametrize("file", CASES)
    def test_each_is_judged_rightly(self, file: str) -> None:
        hash_name, expected = self.CASES[file]
        folder = (VECTORS / file).parent
        said = (folder / "payload").read_bytes() if (folder / "payload").exists() else b"hello"
        args = (
            (VECTORS / file).read_bytes(),
            hashlib.new(hash_name, said).digest(),
            read_file((folder / "ts_chain.pem").read_bytes()),
        )
        if isinstance(expected, str):
            assert f"{rfc3161.judge(*args, hash_name=hash_name).time:%Y-%m-%d %H:%M:%S}" == expected
        else:
            with pytest.raises(expected):
                rfc3161.judge(*args, hash_name=hash_name)

    @pytest.mark.parametrize("pair", ["sigstage", "test_tsa"])
    def test_the_number_of_the_request_is_compared(self, pair: str) -> None:
        folder = VECTORS / pair
        asked = der.Reader((folder / "request.der").read_bytes()).within()
        asked.integer(), asked.take(), asked.maybe(der.OID)
        nonce = asked.integer()
        file, hash_name = (
            ("response-sha256.tsr", "sha256") if pair == "sigstage" else ("response.tsr", "sha512")
        )
        args = (
            (folder / file).read_bytes(),
            hashlib.new(hash_name, b"hello").digest(),
            read_file((folder / "ts_chain.pem").read_bytes()),
        )
        if pair == "sigstage":  # that request stands beside answers to others
            with pytest.raises(OtherNonceError):
                rfc3161.judge(*args, hash_name=hash_name, nonce=nonce)
        else:
            assert rfc3161.judge(*args, hash_name=hash_name, nonce=nonce).serial > 0

    def test_an_expired_certificate_leaves_the_stamp_right_and_says_since_when(self) -> None:
        folder = VECTORS / "sigstore.mock"
        found = rfc3161.judge(
            (folder / "response-expired.tsr").read_bytes(),
            hashlib.sha256((folder / "payload").read_bytes()).digest(),
            read_file((folder / "ts_chain.pem").read_bytes()),
        )
        assert found.ends == datetime(2024, 1, 1, tzinfo=UTC)


class TestRight:
    @pytest.mark.parametrize("middle", [None, CA])
    @pytest.mark.parametrize(
        "key",
        [
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP384R1()),
            rsa.generate_private_key(65_537, 2_048),
            ed25519.Ed25519PrivateKey.generate(),
        ],
        ids=["p256", "p384", "rsa", "ed25519"],
    )
    def test_every_kind_of_key(self, key: Any, middle: Any, tmp_path: Path) -> None:
        maker = Maker(key, middle=middle)
        answer = maker.answer(ASKED.text)
        found = judge(maker, answer)
        assert (found.time, found.policy, found.serial, found.authority) == (
            NOW,
            "1.2.3.4.1",
            77,
            "CN=Clock,O=Example",
        )
        assert len(found.chain) == (2 if middle is None else 3)
        if not isinstance(key, ed25519.Ed25519PrivateKey):  # openssl 3.0 signs no tokens with it
            assert openssl_verifies(tmp_path, answer, STATEMENT, maker.pem, NOW)

    def test_rsa_pss_and_the_older_name_of_a_certificate(self, tmp_path: Path) -> None:
        maker = Maker(rsa.generate_private_key(65_537, 2_048))
        assert judge(maker, maker.answer(ASKED.text, pss=True)).time == NOW
        info = rfc3161._token(maker.answer(ASKED.text)).content
        older = maker.answer(ASKED.text, attributes=maker.attributes(info, older=True))
        assert judge(maker, older).time == NOW
        assert openssl_verifies(tmp_path, older, STATEMENT, maker.pem, NOW)

    def test_certificates_that_did_not_come_along_are_found_among_those_kept(self) -> None:
        answer = GOOD.answer(ASKED.text, certificates=[])
        kept = GOOD.pem + GOOD.leaf.public_bytes(Encoding.PEM)
        assert rfc3161.judge(answer, DIGEST, read_file(kept)).time == NOW
        with pytest.raises(UntrustedError):
            judge(GOOD, answer)

    def test_what_is_kept_verifies_with_openssl_now_and_after_it_expired(self, tmp_path: Path) -> None:
        authority = OpensslAuthority(tmp_path / "tsa")
        answer = authority.answer(ASKED.text)
        found = rfc3161.judge(answer, DIGEST, read_file(authority.pem), nonce=ASKED.nonce)
        assert abs(found.time - datetime.now(UTC)) < DAY / 24
        assert openssl_verifies(tmp_path / "v", answer, STATEMENT, authority.pem)
        later = found.ends + DAY
        assert not openssl_verifies(tmp_path / "v", answer, STATEMENT, authority.pem, later)
        assert openssl_verifies(tmp_path / "v", answer, STATEMENT, authority.pem, found.time)
        assert not openssl_verifies(tmp_path / "v", answer, STATEMENT + b" ", authority.pem)

    def test_openssl_with_the_older_name_too(self, tmp_path: Path) -> None:
        authority = OpensslAuthority(tmp_path, ess="sha1")
        found = rfc3161.judge(
            authority.answer(ASKED.text), DIGEST, read_file(authority.pem), nonce=ASKED.nonce
        )
        assert found.authority == "CN=Clock,O=Example"

    def test_an_openssl_whose_certificate_has_expired_already_is_refused(self, tmp_path: Path) -> None:
        authority = OpensslAuthority(tmp_path, ends=datetime.now(UTC) - DAY / 24)
        with pytest.raises(PeriodError):
            rfc3161.judge(authority.answer(ASKED.text), DIGEST, read_file(authority.pem))


def usage(**given: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
        "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{one: given.get(one, False) for one in names})


BOTH = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING])
CODE = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
NAMES = x509.NameConstraints([x509.DNSName("example.org")], None)


class TestWrong:
    def test_not_granted(self) -> None:
        with pytest.raises(NotGrantedError):
            made(GOOD, status=2)
        refusal = der.write(der.SEQUENCE, der.write(der.SEQUENCE, der.write_whole(2)))
        with pytest.raises(NotGrantedError):
            judge(GOOD, refusal)

    def test_granted_with_changes_counts(self) -> None:
        assert made(GOOD, status=1).time == NOW

    def test_another_hash(self) -> None:
        with pytest.raises(OtherHashError):
            judge(GOOD, GOOD.answer(rfc3161.request(bytes(32)).text))
        with pytest.raises(OtherHashError):
            judge(GOOD, ANSWER, hash_name="sha512")

    @pytest.mark.parametrize("nonce", [b"", der.write_whole(5)])
    def test_another_number_or_none(self, nonce: bytes) -> None:
        with pytest.raises(OtherNonceError):
            made(GOOD, nonce=nonce)

    def test_a_signature_over_something_else(self) -> None:
        info = rfc3161._token(ANSWER).content
        other = rfc3161._token(GOOD.answer(ASKED.text, NOW + DAY)).content
        with pytest.raises(ForgedStampError):
            made(GOOD, info=other, attributes=GOOD.attributes(info))
        with pytest.raises(ForgedStampError):
            made(GOOD, signature=GOOD._sign(b"x", pss=False)[1])
        with pytest.raises(ForgedStampError):
            made(GOOD, digest_oid="1.3.14.3.2.26")
        with pytest.raises(ForgedStampError):
            made(GOOD, attributes=GOOD.attributes(info, kind="1.2.840.113549.1.7.1"))

    def test_attributes_that_are_missing_or_stand_twice(self) -> None:
        info = rfc3161._token(ANSWER).content
        whole = GOOD.attributes(info)
        for missing in range(3):
            with pytest.raises(ForgedStampError):
                made(GOOD, attributes=whole[:missing] + whole[missing + 1 :])
        with pytest.raises(UnreadableError):
            made(GOOD, attributes=[*whole, whole[0]])
        double = attribute(
            "1.2.840.113549.1.9.4", *[der.write(der.OCTET_STRING, hashlib.sha256(info).digest())] * 2
        )
        with pytest.raises(UnreadableError):
            made(GOOD, attributes=[*(one for one in whole if b"\x01\x09\x04" not in one[:20]), double])

    def test_a_certificate_of_the_same_name_does_not_stand_in(self) -> None:
        """Another key under the signer's issuer and serial is not the certificate that the signed attributes name."""
        info = rfc3161._token(ANSWER).content
        with pytest.raises(ForgedStampError):
            made(GOOD, attributes=GOOD.attributes(info, certificate=b"another"))

    @pytest.mark.parametrize("signers", [0, 2])
    def test_no_signer_or_two(self, signers: int) -> None:
        with pytest.raises(UnreadableError):
            made(GOOD, signers=signers)

    @pytest.mark.parametrize(
        "extensions",
        [
            [],
            [(TIME[0][0], False)],
            [(BOTH, True)],
            [(CODE, True)],
            [*TIME, (usage(key_encipherment=True), True)],
            [*TIME, (usage(digital_signature=True, key_cert_sign=True), True)],
        ],
        ids=["none", "not critical", "not alone", "another", "usage", "usage of an issuer"],
    )
    def test_a_certificate_for_something_else(self, extensions: Any, tmp_path: Path) -> None:
        maker = Maker(extensions=extensions)
        answer = maker.answer(ASKED.text)
        with pytest.raises(PurposeError):
            judge(maker, answer)
        assert not openssl_verifies(tmp_path, answer, STATEMENT, maker.pem, NOW)

    def test_a_usage_that_signs_is_right(self) -> None:
        assert (
            made(
                Maker(extensions=[*TIME, (usage(digital_signature=True, content_commitment=True), True)])
            ).time
            == NOW
        )

    def test_another_root_of_the_same_name(self) -> None:
        with pytest.raises(UntrustedError):
            rfc3161.judge(ANSWER, DIGEST, read_file(Maker().pem))

    @pytest.mark.parametrize(("begins", "ends"), [(NOW + DAY, NOW + 2 * DAY), (NOW - 2 * DAY, NOW - DAY)])
    def test_a_certificate_that_was_not_valid_then(self, begins: datetime, ends: datetime) -> None:
        with pytest.raises(PeriodError):
            made(Maker(begins=begins, ends=ends))

    def test_a_root_that_was_not_valid_then(self) -> None:
        with pytest.raises(UntrustedError):
            made(Maker(root_ends=NOW - DAY))

    @pytest.mark.parametrize(
        "middle",
        [
            [],
            [(x509.BasicConstraints(ca=False, path_length=None), True)],
            [*CA, (usage(digital_signature=True), True)],
            [*CA, (CODE, False)],
            [*CA, (NAMES, True)],
        ],
        ids=["says nothing", "no issuer", "usage", "another purpose", "names"],
    )
    def test_one_in_between_that_may_not(self, middle: Any) -> None:
        with pytest.raises(UntrustedError):
            made(Maker(middle=middle))

    def test_a_path_longer_than_the_root_allows(self) -> None:
        short: Any = [(x509.BasicConstraints(ca=True, path_length=0), True)]
        assert made(Maker(root_extensions=short)).time == NOW
        with pytest.raises(UntrustedError):
            made(Maker(root_extensions=short, middle=CA))

    def test_a_root_that_came_with_the_answer_is_not_believed(self) -> None:
        stranger = Maker()
        answer = stranger.answer(
            ASKED.text,
            certificates=[one.public_bytes(Encoding.DER) for one in (stranger.leaf, stranger.root)],
        )
        with pytest.raises(UntrustedError):
            judge(GOOD, answer)

    def test_a_weak_key(self) -> None:
        with pytest.raises(ForgedStampError):
            made(Maker(rsa.generate_private_key(65_537, 1_024)))  # noqa: S505 — weak on purpose


class TestHostile:
    @given(st.data())
    def test_any_changed_byte_is_refused_or_changes_nothing_that_is_said(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(ANSWER) - 1))
        value = data.draw(st.integers(1, 255))
        changed = ANSWER[:place] + bytes([ANSWER[place] ^ value]) + ANSWER[place + 1 :]
        try:
            found = judge(GOOD, changed)
        except StampError:
            return
        # What is neither signed nor believed may differ: the version of the wrapping, a status of 1, the list of algorithms.
        right = judge(GOOD, ANSWER)
        assert replace(found, chain=()) == replace(right, chain=())

    def test_any_changed_byte_of_an_answer_of_openssl_is_refused_or_changes_nothing_that_is_said(
        self, tmp_path: Path
    ) -> None:
        """Every byte once, also of the certificates, which a library reads: what it stumbles over is refused like the rest."""
        authority = OpensslAuthority(tmp_path)
        answer, roots = authority.answer(ASKED.text), read_file(authority.pem)
        right = rfc3161.judge(answer, DIGEST, roots, nonce=ASKED.nonce)
        refused = 0
        for place in range(len(answer)):
            changed = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
            try:
                found = rfc3161.judge(changed, DIGEST, roots, nonce=ASKED.nonce)
            except StampError:
                refused += 1
            else:
                assert replace(found, chain=()) == replace(right, chain=())
        assert refused > 0.98 * len(answer)

    def test_the_end_is_the_end(self) -> None:
        for wrong in (
            ANSWER + b"\x00",
            ANSWER[:-1],
            b"",
            b"\x30",
            b"\x30\x80\x00\x00",
            ANSWER + bytes(1 << 17),
        ):
            with pytest.raises(UnreadableError):
                judge(GOOD, wrong)

    @given(st.binary(max_size=200))
    def test_noise_is_refused_with_a_sentence(self, noise: bytes) -> None:
        with pytest.raises(HoldfireError):
            judge(GOOD, noise)

    def test_a_hundred_certificates_are_too_many(self) -> None:
        leaf = GOOD.leaf.public_bytes(Encoding.DER)
        with pytest.raises(UnreadableError):
            made(GOOD, certificates=[leaf] * 33)
