"""nginx with an example of docs/running.md: its very text, without its certificate."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def documented(port: int, servers: list[str]) -> str:
    """The example for so many servers, on these ports; nothing else of it is changed."""
    text = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    ports = [str(8501 + place) for place in range(len(servers))]
    (example,) = (
        part
        for part in re.findall(r"```nginx\n(.*?)```", text, re.S)
        if sorted(set(re.findall(r"127\.0\.0\.1:(\d+)", part))) == ports
    )
    example = re.sub(r" +ssl_.*\n", "", example)
    example = example.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    for documented_port, url in zip(ports, servers, strict=True):
        example = example.replace(f"127.0.0.1:{documented_port}", url.removeprefix("http://"))
    return example


@contextmanager
def nginx(folder: Path, servers: list[str]) -> Iterator[str]:
    """The address of an nginx, its files in `folder`, in front of these."""
    port = chromium.free_port()
    places = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {folder / 'pid'}; error_log {folder / 'log'};\n"
        f"events {{}}\nhttp {{ access_log off;\n{places}{documented(port, servers)}}}\n"
    )
    assert NGINX is not None
    command = [NGINX, "-p", str(folder), "-c", str(config), "-e", str(folder / "log")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            chromium.wait_for(f"{url}/_stcore/health", process, 60)
            yield url
        finally:
            process.terminate()
