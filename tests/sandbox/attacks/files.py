"""Files: reading the host's, writing anywhere

docker: a file system of its own, read-only
bwrap: a file system of its own, read-only
process: `stat` of any path of the host answers
"""


def everywhere(act):
    """Try it in a folder that is open to all, and only when that is refused in the others."""
    refused = []
    for folder in (MARKS, "/tmp", "/dev/shm", "/run/groundrow", "/", "."):
        try:
            act(f"{folder}/groundrow-was-here")
        except OSError as error:
            refused.append(error)
        else:
            return {"done": folder}
    raise refused[0]


@attack(
    "write wherever all may",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def write_a_file(db: Db):
    return everywhere(lambda path: open(path, "w").close())


@attack(
    "make a folder",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def make_a_folder(db: Db):
    return everywhere(os.mkdir)


@attack(
    "make a link",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def make_a_link(db: Db):
    return everywhere(lambda path: os.symlink("/etc/passwd", path))


@attack(
    "make a fifo",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def make_a_fifo(db: Db):
    return everywhere(os.mkfifo)


@attack(
    "a file without a name (O_TMPFILE)",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def nameless_file(db: Db):
    os.close(os.open(MARKS, os.O_TMPFILE | os.O_RDWR))
    return {"done": True}


@attack(
    "delete a file",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def delete(db: Db):
    os.unlink(f"{MARKS}/kept")
    return {"done": True}


@attack(
    "rename a file",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def rename(db: Db):
    os.rename(f"{MARKS}/kept", f"{MARKS}/groundrow-was-here")
    return {"done": True}


@attack(
    "cut a file to nothing",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp", "landlock"],
)
def truncate(db: Db):
    os.truncate(f"{MARKS}/kept", 0)
    return {"done": True}


@attack(
    "change a file's time",
    held_by=["seccomp"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["seccomp"],
)
def touch(db: Db):
    os.utime(f"{MARKS}/kept")
    return {"done": True}


@attack(
    "replace the host's socket",
    held_by=["seccomp", "landlock", "gone"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="staged",
)
def replace_the_socket(db: Db):
    os.rename("host.sock", "false.sock")
    os.rename("false.sock", "host.sock")
    return {"done": True}


@attack(
    "write into the runtime that others import",
    held_by=["seccomp", "landlock", "gone"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="staged",
)
def write_into_the_runtime(db: Db):
    os.close(os.open("runtime/sandbox/worker.py", os.O_WRONLY))
    return {"done": True}


@attack(
    "/etc/shadow",
    held_by=["landlock", "user"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="root",
    without=["landlock", "user"],
)
def read_shadow(db: Db):
    return {"done": len(Path("/etc/shadow").read_bytes())}


@attack(
    "/etc/passwd",
    held_by=["landlock"],
    ends=["PermissionError", "FileNotFoundError"],
    shown="process",
    without=["landlock"],
)
def read_passwd(db: Db):
    return {"done": len(Path("/etc/passwd").read_bytes())}


@attack("list the root", held_by=["landlock"], ends=["PermissionError"], shown="docker", without=["landlock"])
def list_the_root(db: Db):
    return {"done": os.listdir("/")}


@attack(
    "the environment by /proc/self",
    held_by=["landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["landlock"],
)
def read_own_proc(db: Db):
    return {"done": len(Path("/proc/self/environ").read_bytes())}


@attack(
    "lock a file that others read", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"]
)
def lock_a_file(db: Db):
    with open(os.__file__, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return {"done": True}


@attack(
    "lock a part of a file (F_SETLK)",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def lock_a_range(db: Db):
    with open(os.__file__, "rb") as file:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return {"done": True}


@attack(
    "watch what others do to files", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"]
)
def watch_files(db: Db):
    return {"done": call("inotify_init1", 0)}


@attack("go to another folder", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def change_folder(db: Db):
    os.chdir("/")
    return {"done": os.getcwd()}
