"""Authorization Flow 2.0 and Authentication 1.0: services in other documents, and what they answer."""

from __future__ import annotations

from ..model import Node, everything, specification

breaks = specification("Authorization Flow 2.0", "auth-2")
breaks1 = specification("Authentication 1.0", "auth-1")


def typed(document: dict, type: str):
    return (node for node in everything(document) if node.type == type)


def top(document: dict, type: str) -> list[Node]:
    return [Node(document)] if document.get("type") == type else []


@breaks("2.1", "AUTH2-005")
def context_missing(document):
    """The document has probe services and not their context."""
    if document.get("type") in ("Manifest", "ImageService3"):
        rest = [name for name in document["@context"] if "/auth/" not in name] if isinstance(document["@context"], list) else []
        if rest:
            yield Node(document).put("@context", rest)


@breaks("2.1", "AUTH2-005")
def context_last(document):
    """The context of the services comes after the document's own."""
    if document.get("type") in ("Manifest", "ImageService3") and isinstance(document["@context"], list):
        yield Node(document).put("@context", list(reversed(document["@context"])))


@breaks("5.1", "AUTH2-006")
def probe_without_id(document):
    """A probe service has no id."""
    yield from (node.drop("id") for node in typed(document, "AuthProbeService2"))


@breaks("5.1", "AUTH2-006", "AUTH2-001")
def probe_without_tls(document):
    """A probe service is not at an HTTPS address."""
    yield from (node.put("id", node.get("id").replace("https:", "http:")) for node in typed(document, "AuthProbeService2"))


@breaks("5.1", "AUTH2-006")
def probe_without_access(document):
    """A probe service has no access service: nobody can ask for access."""
    yield from (node.drop("service") for node in typed(document, "AuthProbeService2"))


@breaks("5.1", "AUTH2-006")
def access_of_other_type(document):
    """The service of a probe service is no access service."""
    yield from (node.put("type", "FooBar9") for node in typed(document, "AuthAccessService2"))


@breaks("5.1", "AUTH2-002")
def access_as_object(document):
    """The service of a probe service is one object, not a list."""
    for node in typed(document, "AuthProbeService2"):
        if isinstance(node.get("service"), list):
            yield node.put("service", node.get("service")[0])


@breaks("5.1", "AUTH2-006")
def note_without_heading(document):
    """A probe service has an errorNote and no errorHeading."""
    for node in typed(document, "AuthProbeService2"):
        if not node.has("errorHeading"):
            yield node.put("errorNote", {"en": ["Call the reading room"]}, node.at("errorHeading"))


@breaks("3.1", "AUTH2-007")
def access_of_no_profile(document):
    """The profile of an access service is none of the three."""
    yield from (node.put("profile", "bogus") for node in typed(document, "AuthAccessService2"))


@breaks("3.1", "AUTH2-007")
def access_without_profile(document):
    """An access service has no profile."""
    yield from (node.drop("profile") for node in typed(document, "AuthAccessService2"))


@breaks("3.1", "AUTH2-008")
def access_without_id(document):
    """An access service that people have to open has no id."""
    yield from (node.drop("id") for node in typed(document, "AuthAccessService2") if node.get("profile") in ("active", "kiosk") and node.has("id"))


@breaks("3.1", "AUTH2-007")
def access_without_token(document):
    """An access service has no token service."""
    for node in typed(document, "AuthAccessService2"):
        rest = [service for service in node.get("service") or [] if service.get("type") != "AuthAccessTokenService2"]
        if isinstance(node.get("service"), list) and len(rest) < len(node.get("service")):
            yield node.put("service", rest)


@breaks("3.1", "AUTH2-007")
def access_with_two_tokens(document):
    """An access service has two token services."""
    for node in typed(document, "AuthAccessService2"):
        more = {"id": "https://auth.example.org/token/2", "type": "AuthAccessTokenService2"}
        yield node.put("service", [*(node.get("service") or []), more])


@breaks("3.3", "AUTH2-009")
def access_without_label(document):
    """An access service that people log in to has no label."""
    yield from (node.drop("label") for node in typed(document, "AuthAccessService2") if node.get("profile") == "active" and node.has("label"))


@breaks("3.3", "AUTH2-009")
def access_label_as_string(document):
    """The label of an access service is a plain string."""
    yield from (node.put("label", "Log in to the library") for node in typed(document, "AuthAccessService2") if node.has("label"))


@breaks("4.1", "AUTH2-010")
def token_without_id(document):
    """A token service has no id."""
    yield from (node.drop("id") for node in typed(document, "AuthAccessTokenService2"))


@breaks("6.1", "AUTH2-011")
def logout_without_label(document):
    """A logout service has no label."""
    yield from (node.drop("label") for node in typed(document, "AuthLogoutService2") if node.has("label"))


@breaks("4.4", "AUTH2-018")
def token_as_number(document):
    """The access token is a number."""
    yield from (node.put("accessToken", 1234) for node in top(document, "AuthAccessToken2"))


@breaks("4.4", "AUTH2-018")
def token_without_message(document):
    """The access token has no messageId."""
    yield from (node.drop("messageId") for node in top(document, "AuthAccessToken2"))


@breaks("4.4", "AUTH2-018")
def token_expired_at_once(document):
    """The access token expires in 0 seconds."""
    yield from (node.put("expiresIn", 0) for node in top(document, "AuthAccessToken2"))


@breaks("4.5", "AUTH2-019")
def error_of_no_profile(document):
    """The profile of a token error is none of those there are."""
    yield from (node.put("profile", "missingCredentials") for node in top(document, "AuthAccessTokenError2"))


@breaks("5.2", "AUTH2-029")
def result_without_status(document):
    """The answer of a probe has no status."""
    yield from (node.drop("status") for node in top(document, "AuthProbeResult2"))


@breaks("5.2", "AUTH2-029")
def status_as_text(document):
    """The status in the answer of a probe is a string."""
    yield from (node.put("status", str(node.get("status"))) for node in top(document, "AuthProbeResult2"))


@breaks("5.2", "AUTH2-034")
def substitute_though_granted(document):
    """The answer of a probe grants access and offers a substitute."""
    for node in top(document, "AuthProbeResult2"):
        if node.get("status") == 200 and not node.has("substitute"):
            yield node.put("substitute", [{"id": "https://example.org/small.jpg", "type": "Image"}])


@breaks("5.2", "AUTH2-035")
def location_though_granted(document):
    """The answer of a probe has a location and no status of redirection."""
    for node in top(document, "AuthProbeResult2"):
        if node.get("status") == 200:
            yield node.put("location", {"id": "https://example.org/other.jpg", "type": "Image"})


@breaks("5.2", "AUTH2-034")
def substitute_as_object(document):
    """substitute is one object, not a list."""
    yield from (node.put("substitute", node.get("substitute")[0]) for node in top(document, "AuthProbeResult2") if isinstance(node.get("substitute"), list))


COOKIE = tuple(f"http://iiif.io/api/auth/1/{name}" for name in ("login", "clickthrough", "kiosk", "external"))


def profiled(document: dict, *profiles: str):
    return (node for node in everything(document) if node.get("profile") in profiles)


@breaks1("2.1.1", "AUTH1-001")
def cookie_without_context(document):
    """An access cookie service has no @context."""
    yield from (node.drop("@context") for node in profiled(document, *COOKIE) if node.has("@context"))


@breaks1("2.1.1", "AUTH1-001")
def cookie_of_no_profile(document):
    """The profile of an access cookie service is none of the four."""
    yield from (node.put("profile", "http://iiif.io/api/auth/1/password") for node in profiled(document, *COOKIE))


@breaks1("2.1.1", "AUTH1-001")
def cookie_without_label(document):
    """An access cookie service has no label."""
    yield from (node.drop("label") for node in profiled(document, *COOKIE))


@breaks1("2.1.1", "AUTH1-001")
def cookie_without_id(document):
    """An access cookie service to log in at has no @id."""
    yield from (node.drop("@id") for node in profiled(document, *COOKIE[:3]))


@breaks1("2.1.1; 2.2.1", "AUTH1-003")
def cookie_without_token(document):
    """An access cookie service has no token service."""
    yield from (node.drop("service") for node in profiled(document, *COOKIE))


@breaks1("2.2.1", "AUTH1-003")
def token_without_address(document):
    """A token service has no @id."""
    yield from (node.drop("@id") for node in profiled(document, "http://iiif.io/api/auth/1/token"))


@breaks1("2.2.1", "AUTH1-003")
def token_of_version_0(document):
    """The profile of a token service is that of version 0."""
    yield from (node.put("profile", "http://iiif.io/api/auth/0/token") for node in profiled(document, "http://iiif.io/api/auth/1/token"))


@breaks1("2.3", "AUTH1-003")
def logout_of_other_profile(document):
    """The profile of a logout service is another one."""
    yield from (node.put("profile", "http://iiif.io/api/auth/1/exit") for node in profiled(document, "http://iiif.io/api/auth/1/logout"))
