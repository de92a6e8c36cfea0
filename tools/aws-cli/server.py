"""Runs the AWS CLI for whoever connects to a socket, each time in a fork of this process: all that a call of it loads,
half a second's work, is loaded here once. What a call is given is the caller's own: arguments, environment, folder and
standard streams. Ends when its standard input does.

usage: server.py SOCKET SERVICE...
"""

import json
import os
import select
import signal
import socket
import struct
import sys
import traceback

import awscli.clidriver

path, services = sys.argv[1], sys.argv[2:]
data_path = os.environ["AWS_DATA_PATH"]

driver = awscli.clidriver.create_clidriver()
file_loader = type(driver.session.get_component("data_loader").file_loader)
load_file = file_loader.load_file
# A fork's own copy: what one call does to it, no other sees.
loaded = {}


def remembered(self, file_path):
    if file_path not in loaded:
        loaded[file_path] = load_file(self, file_path)
    return loaded[file_path]


file_loader.load_file = remembered
for service in services:
    driver.session.create_client(
        service, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


def serve(connection):
    with connection:
        head, streams, *_ = socket.recv_fds(connection, 4, 3)
        rest = connection.makefile("rb").read(struct.unpack("!I", head)[0])
        call = json.loads(rest)
        for to, stream in enumerate(streams):
            os.dup2(stream, to)
        os.chdir(call["cwd"])
        os.environ.clear()
        # The CLI adds its own when it is loaded.
        os.environ.update({"AWS_DATA_PATH": data_path, **call["env"]})
        sys.argv = ["aws", *call["args"]]
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        try:
            code = awscli.clidriver.main()
        except SystemExit as end:
            code = end.code
        except BaseException:
            traceback.print_exc()
            code = 255
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                pass
        connection.sendall(bytes([code if isinstance(code, int) else 0 if code is None else 1]))
    os._exit(0)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(64)
print("listening", flush=True)
while True:
    ready, _, _ = select.select([listener, sys.stdin], [], [])
    if sys.stdin in ready and os.read(0, 1) == b"":
        break
    if listener in ready:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            serve(connection)
        connection.close()
