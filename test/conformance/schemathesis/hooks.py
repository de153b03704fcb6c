"""What Schemathesis cannot know of this API: its filters, bodies that are text, and what documented problems are."""

import itertools
import os

import schemathesis

FILTERS = [
    "outcome = 'failure'",
    "action within 'update' and initiator/name = 'ada'",
    "text ~ 'db01'",
    "initiator/host/address in cidr('192.0.2.0/24') or not target/id exists",
]
# Languages within a string, which a schema cannot say: without these nearly all that is made up ends at the parser.
IN_LANGUAGE = {
    "filter": FILTERS,
    "$filter": [["outcome='Failure'"], ["timestamp>=2026-11-01T00:00:00Z"]],
    "$orderby": [["timestamp:desc"], ["name"]],
    "field": [["action"], ["outcome", "initiator/name"], ["tags", "source", "tenant"]],
    "by": ["outcome", "source"],
    "interval": ["auto", "1d"],
    "zone": ["Europe/Berlin", "+05:30"],
    "window": ["PT15M", "P1D"],
    "fields": ["eventTime,action", "initiator/host/address"],
}
# What no answer to a request tells, by the beginning of the path. Of exports and feeds only what they have: they stay.
FILE = "000000000001.manifest.json"
KNOWN = {
    "/cadf/v1/dead-letters/": {"id": os.environ["CADF_TEST_DEAD_LETTER"]},
    "/cadf/v1/exports/{id}/": {"id": os.environ["CADF_TEST_EXPORT"], "name": FILE},
    "/cadf/v1/feeds/{id}/head": {"id": os.environ["CADF_TEST_FEED"]},
    "/cadf/v1/feeds/{id}/segments": {"id": os.environ["CADF_TEST_FEED"], "name": FILE},
    "/cadf/v1/events/": {"id": "5e7b0c2a-9a0f-4a57-8a52-0b6f2a6f1f10"},
    "/cimi/eventLogs/": {"log": "source-key-bootstrap"},
    "/cimi/events/": {"event": "key-bootstrap:5e7b0c2a-9a0f-4a57-8a52-0b6f2a6f1f10"},
    "/v1/attributes/": {"name": "action"},
}


def is_chosen(value):
    """Half of the values, and the same ones in every run."""
    return len(str(value)) % 2 == 0


# Refused credentials are counted by address; the service under test believes X-Forwarded-For, so every request comes
# from an address of its own, and each is refused for what it is instead of 429.
addresses = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(addresses)
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    if case.meta is None or case.meta.phase.name.value != "fuzzing" or not case.meta.generation.mode.is_positive:
        return
    for name, known in IN_LANGUAGE.items():
        if name in (case.query or {}) and is_chosen(case.query[name]):
            case.query[name] = known[len(str(case.query[name])) // 2 % len(known)]
    for path, known in KNOWN.items():
        if case.operation.path.startswith(path) and is_chosen(case.path_parameters.get(next(iter(known)))):
            case.path_parameters.update({name: value for name, value in known.items() if name in case.path_parameters})
    # Nobody guesses a version: half of the changes are made without one.
    if is_chosen(case.headers.get("if-match", "odd")):
        del case.headers["if-match"]


# What is called JSON is parsed, and a part of a JSON text is none.
@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 206:
        response.headers["content-type"] = ["application/octet-stream"]


@schemathesis.serializer(
    "application/x-ndjson",
    "application/xml",
    "text/plain",
    "text/event-stream",
    "application/json-seq",
    "application/vnd.fdo.journal",
    "application/octet-stream",
)
def as_it_is(context, value):
    """Examples of these are the text itself, not a value to be written."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


FORM_CODES = {"REQUEST_INVALID", "BODY_NOT_JSON", "MEDIA_TYPE_UNSUPPORTED"}


@schemathesis.check
def problems_are_documented(ctx, response, case):
    """Each problem is one that the operation lists under this status, and what fits the schemas is not refused for its form."""
    content_type = response.headers.get("content-type", [""])[0]
    if not content_type.startswith("application/problem+json"):
        return
    code = response.json()["code"]
    document = case.operation.schema.raw_schema
    responses = case.operation.definition.raw["responses"]
    documented = set()
    for status in (str(response.status_code), "default"):
        media = responses.get(status, {}).get("content", {}).get("application/problem+json", {})
        documented |= set(media.get("examples", {}))
    # Asked for with a method that the path does not have, it is no operation at all.
    if response.status_code == 405 or case.method.upper() != case.operation.method.upper():
        documented |= {"METHOD_NOT_ALLOWED", "NOT_FOUND"}
    if case.meta is not None and case.meta.generation.mode.is_negative:
        documented |= {"NOT_FOUND", "URL_INVALID", "METHOD_NOT_ALLOWED"}
    assert code in documented, f"{code} is not documented for {case.operation.label} with {response.status_code}"
    assert code in document["components"]["examples"]
    # A member named __proto__ anywhere is refused by the JSON parser of the server on purpose: no schema says so.
    if code == "BODY_NOT_JSON" and "__proto__" in str(case.body):
        return
    if case.meta is not None and case.meta.generation.mode.is_positive:
        assert code not in FORM_CODES, f"fits the schema, and is refused with {code}: {response.json().get('detail')}"
