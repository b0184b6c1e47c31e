"""Connections: network, other sockets, false episodes

docker: no network in the container
bwrap: no network in the namespace
"""


@attack(
    "TCP", held_by=["seccomp", "landlock"], ends=["PermissionError"], shown="process", without=["seccomp", "landlock"]
)
def connect_by_tcp(db: Db):
    with socket.socket() as sock:
        sock.connect(("127.0.0.1", PORT))
        return {"done": sock.getpeername()[1]}


@attack("UDP", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def send_by_udp(db: Db):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return {"done": sock.sendto(b"attack", ("127.0.0.1", PORT))}


@attack("UDP over IPv6", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def open_udp6(db: Db):
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).close()
    except OSError as error:
        if error.errno != errno.EAFNOSUPPORT:
            raise
    return {"done": True}


@attack("unix socket", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def connect_by_path(db: Db):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(UNIX)
        return {"done": True}


@attack(
    "abstract socket",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def connect_by_abstract_name(db: Db):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(ABSTRACT)
        return {"done": True}


@attack("netlink", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def open_netlink(db: Db):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
        return {"done": sock.fileno()}


@attack("raw socket", held_by=["seccomp", "user"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def open_raw(db: Db):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, 1) as sock:
        return {"done": sock.fileno()}


@attack("listen for others", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def listen(db: Db):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind("\0groundrow-attack")
        sock.listen()
        return {"done": True}


@attack("pair of sockets", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def pair(db: Db):
    left, right = socket.socketpair()
    with left, right:
        return {"done": left.send(b"x")}


@attack(
    "false episode by connect",
    held_by=["seccomp", "gone"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="staged",
)
def false_episode(db: Db):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("host.sock")
        body = json.dumps({"episode": 1, "token": "0" * 32}).encode()
        sock.sendall(frame(body))
        return {"done": True}


@attack(
    "fill the host's backlog",
    held_by=["seccomp", "gone"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="staged",
)
def fill_the_backlog(db: Db):
    held = [socket.socket(socket.AF_UNIX) for _ in range(5)]
    for sock in held:
        sock.connect("host.sock")
    for sock in held:
        sock.close()
    return {"done": len(held)}


@attack(
    "send a descriptor (SCM_RIGHTS)", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"]
)
def send_a_descriptor(db: Db):
    return {"done": bool(reached("sendmsg", own().fileno(), 0, 0))}


@attack("receive a descriptor", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def receive_a_descriptor(db: Db):
    return reached("recvmsg", own().fileno(), 0, 0)


@attack("out-of-band byte", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def out_of_band(db: Db):
    return {"done": own().send(b"!", socket.MSG_OOB)}


@attack(
    "peek at what the host sends", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"]
)
def peek(db: Db):
    try:
        own().recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return {"done": "there was nothing to see"}
