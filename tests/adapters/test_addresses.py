"""An address is reached however it is spelt; what is none, and a token that no header carries, is refused at start."""

from __future__ import annotations

import httpx
import pytest

from adapters.bureau.seats import Bureau
from adapters.http import Http
from states.copyright.variables import CopyrightVariables
from tests.systems import variables
from workflow.addresses import address, origin
from workflow.errors import NotSent, SettingsError

SPELT = {
    "http://remote.example/api": [
        "http://remote.example:80/api",
        "HTTP://remote.example/api/",
        "http://REMOTE.Example/api",
        " http://remote.example/api\n",
        "http://remote.example:080/api",
        "http://remote.example:/api",
    ],
    "https://remote.example": ["https://remote.example:443", "https://remote.example:443/", "https://Remote.EXAMPLE"],
    "http://xn--cesv58a.example:8080": ["http://本地.example:8080", "http://XN--CESV58A.example:8080"],
    "http://[::1]:8080": ["http://[0:0:0:0:0:0:0:1]:8080/"],
    "http://127.0.0.1:9": ["http://127.0.0.1:9"],
}
PAIRS = [(spelt, meant) for meant, all_ in SPELT.items() for spelt in all_]


@pytest.mark.parametrize(("spelt", "meant"), PAIRS)
async def test_an_address_is_reached_however_it_is_spelt(spelt: str, meant: str) -> None:
    """Every call ended with "is not the host", and doctor found nothing wrong."""
    assert CopyrightVariables(generator_url=spelt).generator_url == meant
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"a": 1})

    for one in (meant, spelt.strip()):
        http = Http("generator", one, transport=httpx.MockTransport(answer))
        assert await http.ask("find", "orders") == {"a": 1}
        assert await http.write("place", "orders", {}) == {"a": 1}
        with pytest.raises(NotSent, match="not the host"):
            await http.ask("find", "http://169.254.169.254/x")
        await http.close()
    assert len({origin(str(request.url)) for request in asked}) == 1
    assert origin(spelt) == origin(meant)


NO_ADDRESS = {
    "remote.example": "no address",
    "ftp://remote.example": "no address",
    "http://": "no address",
    "http:///x": "no address",
    "http://[::1": "no address",
    "http://[zz]": "no address|no host",
    "http://a b/": "a blank",
    "http://a\nb/": "a blank",
    "http://a\\b/": "a blank or a character",
    "http://remote.example:99999": "no port",
    "http://remote.example:0": "no port",
    "http://remote.example:x": "no port",
    "http://remote..example": "no host",
    "http://straße.example": "no host that is surely meant",
    "http://user:s3cret@remote.example": "names a user before its host",
    "http://s3cret@remote.example": "names a user before its host",
    "http://remote.example/api?key=s3cret": "goes on behind its path",
    "http://remote.example/api#x": "goes on behind its path",
}


@pytest.mark.parametrize("which", NO_ADDRESS)
@pytest.mark.parametrize("name", ["PORTAL", "GENERATOR", "RECORDS", "SMS"])
def test_what_is_no_address_is_refused_at_start_with_its_cure(
    which: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CASEWARD_COPYRIGHT_{name}_URL", which)
    with pytest.raises(SettingsError, match=NO_ADDRESS[which]) as refused:
        variables()
    assert str(refused.value).startswith(f"CASEWARD_COPYRIGHT_{name}_URL: ")
    assert "; write" in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("link", ["https://codes.example/fill?from=sms#here", "https://Codes.example/填写"])
def test_a_link_for_people_stays_as_it_was_written(link: str) -> None:
    assert CopyrightVariables(codes_url=link, progress_url=link).codes_url == link
    with pytest.raises(ValueError, match="names a user"):
        CopyrightVariables(codes_url=link.replace("://", "://user@"))


def test_the_browser_may_go_to_the_host_that_is_meant() -> None:
    bureau = Bureau(None, address("HTTPS://本地.example:443/Portal"), None, None, None)  # type: ignore[arg-type]
    assert (bureau._host, bureau._port, bureau._path) == ("xn--cesv58a.example", 443, "/Portal")


TOKENS = ["GENERATOR_TOKEN", "RECORDS_TOKEN", "SMS_TOKEN"]


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("around", ["{}\n", " {}", "\ufeff{}", "\t{} \r\n"])
def test_what_came_along_with_a_token_is_dropped(name: str, around: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CASEWARD_{name}", around.format("canary-1"))
    assert getattr(variables(), name.lower()).get_secret_value() == "canary-1"


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("token", ["canary 1", "canary\n1", "canary令牌", "“canary”", "canary\x7f", "canary" * 1000])
def test_a_token_that_no_header_carries_is_refused_and_not_told(
    name: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood whole in the log and in the record, and each write was unknown."""
    monkeypatch.setenv(f"CASEWARD_{name}", token)
    with pytest.raises(SettingsError, match="copy it anew") as refused:
        variables()
    assert str(refused.value).startswith(f"CASEWARD_{name}: ")
    assert refused.value.cure == "unset it, or correct it"
    assert "canary" not in str(refused.value)
    with pytest.raises(SettingsError) as at_the_client:
        Http("sms", "http://remote.example", token=token)
    assert "canary" not in str(at_the_client.value)
