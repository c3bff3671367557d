"""HTML that others wrote, made safe to stand in a page of ours."""

import re

import nh3

# No images: they would tell their sender who read when. No headings: a page has its own order.
TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "hr", "i", "ins",
    "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto", "tel"}
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s>])", re.I)


def made_safe(html: str) -> str:
    """Only words and their plain dress are left; links open elsewhere and tell nobody."""
    return nh3.clean(
        _HEADING.sub(r"<\1p", html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",  # such a link would lead into this portal
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )


def says_something(safe_html: str) -> bool:
    return bool(re.sub(r"<[^>]*>|&nbsp;|\s", "", safe_html))
