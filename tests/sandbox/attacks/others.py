"""Other processes: their memory, environment and descriptors

docker: a process namespace of its own
bwrap: a process namespace of its own
process: which numbers are taken can be asked
"""


@attack(
    "a sibling's memory",
    held_by=["landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["landlock"],
    victim="alive",
)
def memory_of_a_sibling(db: Db):
    return {"done": len(first_bytes(siblings()[0]))}


@attack("the supervisor's memory", held_by=["landlock"], ends=["PermissionError"], shown="docker", without=["landlock"])
def memory_of_the_supervisor(db: Db):
    return {"done": len(first_bytes(SUPERVISOR))}


@attack(
    "the supervisor's environment", held_by=["landlock"], ends=["PermissionError"], shown="docker", without=["landlock"]
)
def environment_of_the_supervisor(db: Db):
    return {"done": "PYTHONHASHSEED" in Path(f"/proc/{SUPERVISOR}/environ").read_text(encoding="utf-8")}


@attack(
    "the supervisor's descriptors", held_by=["landlock"], ends=["PermissionError"], shown="docker", without=["landlock"]
)
def descriptors_of_the_supervisor(db: Db):
    return {"done": [os.readlink(f"/proc/{SUPERVISOR}/fd/{name}") for name in os.listdir(f"/proc/{SUPERVISOR}/fd")]}


@attack(
    "the supervisor's folder, by a link of /proc",
    held_by=["landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["landlock"],
)
def follow_a_link(db: Db):
    return {"done": os.readlink(f"/proc/{SUPERVISOR}/cwd")}


@attack("the list of processes", held_by=["landlock"], ends=["PermissionError"], shown="docker", without=["landlock"])
def list_processes(db: Db):
    return {"done": [name for name in os.listdir("/proc") if name.isdigit()]}


@attack(
    "process_vm_readv",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def read_memory_by_a_call(db: Db):
    byte = ctypes.create_string_buffer(1)
    here, there = (ctypes.c_ulong * 2)(ctypes.addressof(byte), 1), (ctypes.c_ulong * 2)(4096, 1)
    return reached("process_vm_readv", SUPERVISOR, here, 1, there, 1, 0)


@attack(
    "process_vm_writev",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def write_memory_by_a_call(db: Db):
    byte = ctypes.create_string_buffer(1)
    here, there = (ctypes.c_ulong * 2)(ctypes.addressof(byte), 1), (ctypes.c_ulong * 2)(4096, 1)
    return reached("process_vm_writev", SUPERVISOR, here, 1, there, 1, 0)


@attack(
    "ptrace", held_by=["seccomp", "landlock"], ends=["PermissionError"], shown="docker", without=["seccomp", "landlock"]
)
def trace(db: Db):
    return reached("ptrace", 0x4206, SUPERVISOR, 0, 0)  # PTRACE_SEIZE does not stop it


@attack(
    "pidfd_getfd",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def take_a_descriptor(db: Db):
    return reached("pidfd_getfd", call("pidfd_open", SUPERVISOR, 0), 0, 0)


@attack(
    "compare with the supervisor (kcmp)",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def compare(db: Db):
    return reached("kcmp", os.getpid(), SUPERVISOR, 1, 0, 0)


@attack(
    "advise on another's memory", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"]
)
def advise(db: Db):
    return reached("process_madvise", -1, 0, 0, 0, 0)
