"""Processes: forks, threads, programs"""


@attack(
    "fork bomb of twenty",
    held_by=["seccomp", "rlimits"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "rlimits"],
)
def fork_bomb(db: Db):
    children = []
    for _ in range(20):
        pid = os.fork()
        if pid == 0:
            pause(0.2)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    return {"done": len(children)}


@attack("call clone itself", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def clone(db: Db):
    return reached("clone", 0x10000, 0, 0, 0, 0)  # CLONE_THREAD alone, which no kernel takes


@attack("call clone3", held_by=["seccomp"], ends=["OSError"], shown="process", without=["seccomp"])
def clone_by_the_newer_call(db: Db):
    return reached("clone3", 0, 0)


@attack(
    "start a thread",
    held_by=["seccomp", "rlimits"],
    ends=["RuntimeError"],
    shown="docker",
    without=["seccomp", "rlimits"],
)
def start_a_thread(db: Db):
    threading.Thread(target=SEEN.append, args=("thread",)).start()
    return {"done": len(SEEN)}


@attack("call execve", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def execute(db: Db):
    return reached("execve", 0, 0, 0)


@attack(
    "run a program by subprocess",
    held_by=["seccomp", "landlock", "rlimits"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock", "rlimits"],
)
def run_a_program(db: Db):
    return {"done": subprocess.run([sys.executable, "-c", "print(7)"], capture_output=True, check=True).returncode == 0}


@attack("run a program from memory", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def run_from_memory(db: Db):
    call("memfd_create", ctypes.c_char_p(b"program"), 0)
    return reached("execveat", -1, 0, 0, 0, 0)


@attack("leave the session", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def leave_the_session(db: Db):
    return reached("setsid")
