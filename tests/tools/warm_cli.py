"""The AWS CLI without its start: one process imports it once, and a fork of it answers each call.

A fix calls the CLI dozens of times, and each start takes a second, nearly all of it imports. What runs is the CLI itself,
with the caller's arguments, environment, directory, umask and streams.
"""

import array
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback

CLIENT = '''#!{python} -ISB
import array, json, os, socket, sys
umask = os.umask(0)
os.umask(umask)
call = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd(), umask]).encode()
with socket.socket(socket.AF_UNIX) as server:
    server.connect({path!r})
    server.sendmsg([len(call).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
    server.sendall(call)
    answer = server.recv(1)
sys.exit(answer[0] if answer else 255)
'''


def received(connection):
    size, rights, _, _ = connection.recvmsg(4, socket.CMSG_SPACE(3 * 4))
    streams = array.array("i")
    streams.frombytes(rights[0][2])
    text = b""
    while len(text) < int.from_bytes(size, "big"):
        text += connection.recv(1 << 16)
    return streams, json.loads(text)


def answer(connection, main):
    streams, (arguments, environment, directory, umask) = received(connection)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for name, mode in [("stdin", "r"), ("stdout", "w"), ("stderr", "w")]:
        setattr(sys, name, open(["stdin", "stdout", "stderr"].index(name), mode, closefd=False))
    # The import has put the CLI's own data there.
    data = os.environ["AWS_DATA_PATH"]
    os.environ.clear()
    os.environ.update(environment, AWS_DATA_PATH=data)
    os.chdir(directory)
    os.umask(umask)
    sys.argv = ["aws", *arguments]
    try:
        code = main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(bytes([(code or 0) & 255]))


def serve(bin):
    from awscli.clidriver import create_clidriver

    # It looks at the environment and the configuration when it is called.
    main = create_clidriver().main
    path = str(bin / "warm")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(64)
    program = bin / "aws"
    program.write_text(CLIENT.format(python=sys.executable, path=path))
    program.chmod(0o755)
    # Nobody waits for a fork but its caller, who has its answer.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("warm", flush=True)
    while True:
        ready, _, _ = select.select([server, sys.stdin], [], [])
        if sys.stdin in ready:
            shutil.rmtree(bin)
            return
        connection, _ = server.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.close()
            try:
                answer(connection, main)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(0)
        connection.close()


def started():
    """From here on, `aws` is the warm one. It ends with this process, whose end of the pipe closes."""
    bin = tempfile.mkdtemp()
    server = subprocess.Popen([sys.executable, __file__, bin], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout.readline() == "warm\n", "the AWS CLI did not start"
    os.environ["PATH"] = f"{bin}:{os.environ['PATH']}"
    return server


if __name__ == "__main__":
    serve(pathlib.Path(sys.argv[1]))
