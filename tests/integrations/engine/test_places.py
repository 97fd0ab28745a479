"""URLs that webhooks are sent to, and all the others."""

import pytest
from hypothesis import given, strategies as st

from integrations.engine.places import BadPlaceError, Flaw, read_place


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("http://survey.example/", Flaw.SCHEME),
        ("ftp://survey.example/", Flaw.SCHEME),
        ("file:///etc/passwd", Flaw.SCHEME),
        ("gopher://survey.example:70/x", Flaw.SCHEME),
        ("javascript://survey.example/%0aalert(1)", Flaw.SCHEME),
        ("https://user@survey.example/", Flaw.USER),
        ("https://survey.example:secret@10.0.0.1/", Flaw.USER),
        ("https://survey.example@10.0.0.1/", Flaw.USER),
        ("https://survey.example:22/", Flaw.PORT),
        ("https://survey.example:80/", Flaw.PORT),
        ("https://survey.example:0/", Flaw.PORT),
        ("https://survey.example:99999/", Flaw.PORT),
        ("https://survey.example/#part", Flaw.FRAGMENT),
        ("https://2130706433/", Flaw.HOST),
        ("https://0x7f000001/", Flaw.HOST),
        ("https://0x7f.0.0.1/", Flaw.HOST),
        ("https://127.0.0.0x1/", Flaw.HOST),
        ("https://127.0.0.0x/", Flaw.HOST),
        ("https://0177.0.0.1/", Flaw.HOST),
        ("https://127.1/", Flaw.HOST),
        ("https://127.0.0.1.2/", Flaw.HOST),
        ("https://[::1%25eth0]/", Flaw.HOST),
        ("https://[::1%eth0]/", Flaw.HOST),
        ("https://[::g]/", Flaw.HOST),
        ("https://::1/", Flaw.HOST),
        ("https:///hook", Flaw.HOST),
        ("https://survey..example/", Flaw.HOST),
        ("https://-survey.example/", Flaw.HOST),
        ("https://survey.example:/", Flaw.HOST),
        ("https://survey.example:+443/", Flaw.HOST),
        ("https://%31%32%37.0.0.1/", Flaw.HOST),
        ("https://①②⑦.0.0.1/", Flaw.UNREADABLE),
        ("https://bücher.example/", Flaw.UNREADABLE),
        ("https://survey.example\\@10.0.0.1/", Flaw.UNREADABLE),
        ("https:\\\\survey.example/", Flaw.UNREADABLE),
        ("https://survey.example/a b", Flaw.UNREADABLE),
        ("https://survey.example/\r\nHost: other", Flaw.UNREADABLE),
        ("https://survey.example/\x00", Flaw.UNREADABLE),
        ("https:survey.example", Flaw.UNREADABLE),
        ("//survey.example/", Flaw.UNREADABLE),
        ("survey.example", Flaw.UNREADABLE),
        ("", Flaw.UNREADABLE),
        ("https://survey.example/" + "a" * 500, Flaw.UNREADABLE),
        ("https://" + "a" * 64 + ".example/", Flaw.HOST),
        ("https://" + "a." * 127 + "example/", Flaw.HOST),
    ],
)
def test_odd_urls_are_refused(url: str, flaw: Flaw) -> None:
    """Each for the reason that its owner can mend."""
    with pytest.raises(BadPlaceError) as caught:
        read_place(url)
    assert caught.value.flaw is flaw


@pytest.mark.parametrize(
    ("url", "one_spelling"),
    [
        ("https://survey.example", "https://survey.example/"),
        ("HTTPS://Survey.Example:443/Hook", "https://survey.example/Hook"),
        ("https://survey.example.:8443/", "https://survey.example:8443/"),
        ("https://survey.example?token=x", "https://survey.example/?token=x"),
        ("https://a_b.example/%2e%2e/@x:y", "https://a_b.example/%2e%2e/@x:y"),
        ("https://93.184.216.34/", "https://93.184.216.34/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_plain_urls_have_one_spelling(url: str, one_spelling: str) -> None:
    """Whatever they looked like."""
    assert read_place(url).url == one_spelling


def test_ports_and_http_are_the_operators_choice() -> None:
    """443 is never taken away."""
    place = read_place("http://localhost:8000/a", ports={8000}, allow_http=True)
    assert (place.scheme, place.authority, place.target) == (
        "http",
        "localhost:8000",
        "/a",
    )
    assert read_place("http://localhost/", allow_http=True).authority == "localhost"
    assert read_place("https://survey.example/", ports=()).port == 443


@given(st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_what_is_read_is_read_the_same_again(url: str) -> None:
    """There is one spelling, and it stands for itself."""
    try:
        place = read_place(url)
    except BadPlaceError:
        return
    assert read_place(place.url) == place
