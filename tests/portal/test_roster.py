"""Reading a list of people from a file: encodings, separators, rows that are wrong."""

import pytest

from portal.staff import roster


def read(text, encoding="utf-8"):
    return roster.read(text.encode(encoding))


def found(sheet):
    return [(row.address, row.primary) for row in sheet.rows]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("a@x.example,yes\nb@x.example", "utf-8"),
        ("Address;Primary\r\na@x.example;yes\r\nb@x.example;no\r\n", "utf-8-sig"),
        ("primary\te-mail\ntrue\ta@x.example\n\tb@x.example\n", "utf-16"),
        ("a@x.example,1\nb@x.example,0\n", "utf-16-le"),
        ("a@x.example,x\nb@x.example\n", "utf-16-be"),
        ('\n"A@X.example", primary\n\n b@x.example ,\n', "utf-8"),
        ("Name,Address,Primary\nÄnne,a@x.example,Yes\nBö,b@x.example,\n", "cp1252"),
    ],
)
def test_lists_as_programs_write_them_are_read(text, encoding):
    assert found(read(text, encoding)) == [("a@x.example", True), ("b@x.example", False)]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "holds no addresses"),
        (b"address\n\n", "holds no addresses"),
        (b"PK\x03\x04rest", "workbook"),
        (bytes(range(256)), "not a text file"),
        (b"a@x.example\x00\n", "not a text file"),
        (b"\x81\x8d\x9d", "not a text file"),
        (b"\xff\xfea", "not a text file"),
        (b'a@x.example\n"b@x.example\nc@x.example\n', "Line 2 cannot be read"),
        (b"a@x.example\n" * 5001, "5,001 rows"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
    ],
    ids=lambda one: repr(one[:20]),
)
def test_what_is_no_list_is_refused_with_a_sentence(data, says):
    with pytest.raises(roster.Unreadable, match=says):
        roster.read(data)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",yes", "no address"),
        ("bob", "not an e-mail address"),
        (f"{'x' * 250}@x.example", "not an e-mail address"),
        ("bob@x.example,maybe", "yes, no or empty"),
        ('"=HYPERLINK(""http://x"")"', "begins as a formula"),
        ("@SUM(A1)", "begins as a formula"),
        ("A@X.EXAMPLE", "line 1 has it already"),
        ("b@x.example,yes,third", "more than two columns"),
    ],
)
def test_a_row_that_is_wrong_says_its_line_and_why(row, says):
    sheet = read(f"a@x.example\n\n{row}\nc@x.example\n")

    assert [one.line for one in sheet.rows] == [1, 3, 4]
    assert [bool(one.problem) for one in sheet.rows] == [False, True, False]
    assert says in sheet.rows[1].problem


def test_what_was_left_out_or_guessed_is_said():
    sheet = read("Name;Address\nÄ;a@x.example\n", "cp1252")

    assert sheet.notes == [
        "The file is not in UTF-8; it was read as Windows-1252.",
        "These columns were left out: “Name”.",
    ]


def test_as_many_rows_as_are_allowed_are_read():
    assert len(read("".join(f"p{n}@x.example\n" for n in range(5000))).rows) == 5000
