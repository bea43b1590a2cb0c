"""index.html and offline.html: the built page with what it must say before any script runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

SCRIPT, STYLE = '<script type="module" src="app.js"></script>', '<link rel="stylesheet" href="app.css">'
_BARE = """<!doctype html>
<html lang="{{language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{csp}}"><title>{{title}}</title><meta name="description" content="{{description}}">
<style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1rem}img{max-width:100%;height:auto}
table{border-collapse:collapse}td,th{border:1px solid #777;padding:.3rem .5rem;text-align:left}
h1{border-bottom:4px solid {{accent}}}</style>
</head><body><main>{{without_script}}</main></body></html>
"""
_KINDS = {
    "informal": "Informelle Beteiligung",
    "early": "Frühzeitige Beteiligung nach § 3 Abs. 1 BauGB",
    "formal": "Veröffentlichung nach § 3 Abs. 2 BauGB",
}
_FOUR = {
    "open": "Was ist noch offen?",
    "fixed": "Was steht fest, und warum?",
    "decides": "Wer entscheidet wann?",
    "contributions": "Was passiert mit meinem Beitrag?",
}
_TEXTS = {"imprint": "Impressum", "privacy": "Datenschutz", "accessibility": "Barrierefreiheit", "netiquette": "Netiquette"}


def built() -> dict[str, bytes]:
    """The files of the built page by name; empty where it has not been built."""
    folder = resources.files(__package__ or "") / "viewer" / "built"
    if not (folder / "index.html").is_file():
        return {}
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file() and not one.name.startswith(".")}


def index(template: str, publication: Mapping[str, Any]) -> str:
    """index.html for a web server. template : of the built page, "" for one without any script."""
    server = urlsplit(publication["server"])
    more = f" {server.scheme}://{server.netloc}" if server.netloc else ""
    return _filled(template or _BARE, publication, _csp("'self'", more))


def offline(built_page: Mapping[str, bytes], publication: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    """offline.html: one file that opens by double click. files : all that the page asks for, by address."""
    packed = {name: base64.b64encode(data).decode() for name, data in files.items()}
    data = json.dumps(packed, separators=(",", ":"))
    script = built_page["offline.js"].decode().replace("</script", "<\\/script")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    server = urlsplit(publication["server"])
    whole = _filled(
        built_page["index.html"].decode(), publication, _csp(f"'sha256-{digest}'", f" {publication['server']}" if server.netloc else "")
    )
    inline = f'<script type="application/json" id="jena-files">{data}</script>\n<script>{script}</script>'
    whole = whole.replace(STYLE, f"<style>{built_page['app.css'].decode()}</style>").replace(SCRIPT, "")
    images = {name: data for name, data in packed.items() if name.startswith("pictures/")}
    whole = re.sub(r'src="(pictures/[^"]+)"', lambda found: f'src="data:image/webp;base64,{images.get(found[1], "")}"', whole)
    return whole.replace("</body>", f"{inline}\n</body>")


def _csp(script: str, server: str) -> str:
    return (
        f"default-src 'none'; script-src {script}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; "
        f"font-src 'self'; connect-src 'self' blob: data:{server}; manifest-src 'self'; base-uri 'none'; form-action 'none'"
    )


def _filled(template: str, publication: Mapping[str, Any], csp: str) -> str:
    words = {
        "language": "de",
        "title": escape(german(publication["title"])),
        "description": escape(german(publication["summary"])),
        "csp": escape(csp, quote=True).replace("&#x27;", "'"),
        "accent": publication["accent"],
        "without_script": without_script(publication),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: words.get(found[1], found[0]), template)


def german(text: Mapping[str, str] | None) -> str:
    """The German of a text, which the others fall back to."""
    return (text or {}).get("de", "")


def without_script(publication: Mapping[str, Any]) -> str:
    """What the page says without JavaScript, as HTML: what it is about, pictures, numbers, how to take part."""
    own = publication["procedure"]
    names = {one["id"]: german(one["name"]) for one in publication["variants"]}
    parts = [f"<h1>{escape(german(publication['title']))}</h1>"]
    if publication.get("preview"):
        parts.append("<p><strong>Vorschau, nicht veröffentlicht</strong></p>")
    parts += _paragraphs(german(publication["summary"]))
    days = " bis ".join(_day(own[key]) for key in ("starts", "ends") if own[key])
    parts.append(f"<p>{escape(_KINDS[own['kind']])}{f', {days}' if days else ''}</p>")
    for key, question in _FOUR.items():
        parts += [f"<h2>{question}</h2>", *_paragraphs(german(own[key]))]
    parts.append("<h2>Bilder</h2>")
    for viewpoint in publication["viewpoints"]:
        parts.append(f"<h3>{escape(german(viewpoint['name']))}</h3>")
        parts += [_picture(one, names[name]) for name, one in viewpoint["pictures"].items()]
    if publication["pictures"]:
        parts.append("<h3>Weitere Bilder</h3>")
        parts += [_picture(one, german(one["title"])) for one in publication["pictures"]]
    parts += ["<h2>Zahlen</h2>", _numbers(publication, names), "<h2>Mitmachen</h2>"]
    parts += _paragraphs(german(publication["question"]))
    contact = publication["contact"]
    how = " oder ".join(part for part in (contact["email"], contact["phone"]) if part)
    parts.append(f"<p>Ohne JavaScript erreichen Sie uns so: {escape(how or contact['name'])}</p>")
    parts += _paragraphs(german(own["note"]))
    if own["portal"]:
        parts.append(f'<p><a href="{escape(own["portal"], quote=True)}">Stellungnahme abgeben</a></p>')
    for key, title in _TEXTS.items():
        parts += [f"<h2>{title}</h2>", *_paragraphs(german(publication["texts"][key]))]
    parts += ["<h2>Quellen</h2>", *(f"<p>{escape(one['text'])}</p>" for one in publication["sources"])]
    return "\n".join(parts)


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}.{int(month)}.{year}"


def _paragraphs(text: str) -> list[str]:
    pieces = [piece.strip() for piece in text.split("\n\n") if piece.strip()]
    return ["<p>" + "<br>".join(map(escape, piece.splitlines())) + "</p>" for piece in pieces]


def _picture(one: Mapping[str, Any], words: str) -> str:
    size = f'width="{one["width"]}" height="{one["height"]}"'
    alt = escape(german(one["alt"]), quote=True)
    image = f'<img src="{escape(one["url"], quote=True)}" {size} loading="lazy" alt="{alt}">'
    return f'<figure class="picture">{image}<figcaption>{escape(words)}</figcaption></figure>'


def _numbers(publication: Mapping[str, Any], names: Mapping[str, str]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names.values())
    rows = []
    for one in publication["figures"]:
        unit = f" {one['unit']}" if one["unit"] else ""
        cells = "".join(f"<td>{_number(one['values'].get(name), one['decimals'])}</td>" for name in names)
        place = f" ({german(one['place'])})" if one.get("place") else ""
        rows.append(f'<tr><th scope="row">{escape(german(one["label"]) + place + unit)}</th>{cells}</tr>')
    return f'<table class="numbers"><thead><tr><th scope="col">Kennzahl</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _number(value: float | None, decimals: int) -> str:
    if value is None:
        return "–"
    whole, _, part = f"{value:,.{decimals}f}".partition(".")
    return whole.replace(",", ".") + (f",{part}" if part else "")
