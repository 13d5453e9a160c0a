"""`cnnviz app`: the app itself, as `streamlit run app.py` starts it in a checkout."""

import argparse
import os
import sys

from cnnviz.app_folder import APP_FOLDER


def describe(parser: argparse.ArgumentParser) -> None:
    parser.description = "Start the app, and say the address at which a browser finds it."
    parser.add_argument("--port", type=_port, default=8501, help="8501 unless told otherwise")
    parser.add_argument(
        "--address",
        default="localhost",
        help="localhost, this machine alone, unless told otherwise; 0.0.0.0 is every network",
    )


def run(arguments: argparse.Namespace) -> int:
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(APP_FOLDER / "app.py")),
        *("--server.port", str(arguments.port)),
        *("--server.address", arguments.address),
    ]
    sys.stdout.flush()
    # In this process's place: what ends the command ends the server.
    os.execv(sys.executable, command)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to 65535, got {text!r}")
    return int(text)
