"""Domains: international names, case, what is not implied, and what only looks alike."""

import pytest

from portal.configuration import domains


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Contoso.COM", "contoso.com"),
        ("@contoso.com", "contoso.com"),
        ("contoso.com.", "contoso.com"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example"),
        ("ＣＯＮＴＯＳＯ.com", "contoso.com"),
    ],
)
def test_a_domain_is_kept_in_its_ascii_form(typed, kept):
    assert domains.normal(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "contoso", "a@b.com", "*.contoso.com", "-a.com", "a..com", "1.2.3.4", "x" * 300]
)
def test_what_is_no_domain_is_refused_with_a_sentence(typed):
    with pytest.raises(ValueError, match="is not a domain"):
        domains.normal(typed)


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("alice@contoso.com", True),
        ("ALICE@CONTOSO.COM", True),
        ("alice@eu.contoso.com", False),
        ("alice@contoso.com.evil.example", False),
        ("alice@evilcontoso.com", False),
        ("alice@cоntoso.com", False),  # a Cyrillic o
        ("alice", False),
        ("contoso.com", False),
    ],
)
def test_only_the_domain_itself_is_admitted(address, is_in):
    assert domains.admits(["contoso.com"], [address]) == is_in


def test_every_known_address_must_lie_in_a_domain():
    both = ["alice@contoso.com", "alice@fabrikam.com"]

    assert not domains.admits(["contoso.com"], both)
    assert domains.admits(["contoso.com", "fabrikam.com"], both)
    assert domains.admits(["contoso.com"], ["alice@contoso.com", None])
    assert domains.admits([], both)


def test_a_list_is_read_from_lines_and_commas_once_each():
    assert domains.read_list("b.com, A.com\n\na.com;") == ["a.com", "b.com"]
