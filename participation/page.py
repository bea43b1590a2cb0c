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

from . import without_script

SCRIPT, STYLE = '<script type="module" src="app.js"></script>', '<link rel="stylesheet" href="app.css">'
_BARE = """<!doctype html>
<html lang="{{language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{{csp}}"><title>{{title}}</title><meta name="description" content="{{description}}">
<style>body{font:1.1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1rem}img{max-width:100%;height:auto}
table{border-collapse:collapse}td,th{border:1px solid #777;padding:.3rem .5rem;text-align:left}
h1{border-bottom:4px solid {{accent}}}</style>
</head><body><main>{{without_script}}</main></body></html>
"""


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
        "title": escape(publication["title"].get("de", "")),
        "description": escape(publication["summary"].get("de", "")),
        "csp": escape(csp, quote=True).replace("&#x27;", "'"),
        "accent": publication["accent"],
        "without_script": without_script.told(publication),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: words.get(found[1], found[0]), template)
