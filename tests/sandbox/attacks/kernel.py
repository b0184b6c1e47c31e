"""Kernel interfaces: namespaces, mounts, privileges, rarely used calls

docker: no capabilities, and the engine's own filter
bwrap: no capabilities outside its namespaces
"""


@attack("memfd_create", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def memory_file(db: Db):
    return {"done": call("memfd_create", ctypes.c_char_p(b"x"), 0)}


@attack("io_uring", held_by=["seccomp"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def io_uring(db: Db):
    return reached("io_uring_setup", 0, 0)


@attack("keyctl", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def keyctl(db: Db):
    return reached("keyctl", 999, 0, 0, 0, 0)


@attack("add_key", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def add_key(db: Db):
    return reached("add_key", 0, 0, 0, 0, 0)


@attack("bpf", held_by=["seccomp"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def bpf(db: Db):
    return reached("bpf", 999, 0, 0)


@attack("userfaultfd", held_by=["seccomp"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def userfaultfd(db: Db):
    return reached("userfaultfd", 1 << 20)


@attack("perf_event_open", held_by=["seccomp"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def perf_event_open(db: Db):
    return reached("perf_event_open", 0, 0, -1, -1, 0)


@attack("unshare a user namespace", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def unshare(db: Db):
    return reached("unshare", 1)  # no flag that there is


@attack(
    "enter a namespace (setns)",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp"],
)
def enter_a_namespace(db: Db):
    return reached("setns", -1, 0)


@attack(
    "mount",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def mount(db: Db):
    return reached("mount", 0, 0, 0, 0, 0)


@attack(
    "unmount",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def unmount(db: Db):
    return reached("umount2", 0, 0)


@attack(
    "pivot_root",
    held_by=["seccomp", "user"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp", "landlock"],
)
def change_the_root(db: Db):
    return reached("pivot_root", 0, 0)


@attack("chroot", held_by=["seccomp", "user"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def chroot(db: Db):
    return reached("chroot", ctypes.c_char_p(b"/"))


@attack("become root", held_by=["seccomp", "user"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def become_root(db: Db):
    return reached("setuid", 0)


@attack("be root from the start", held_by=["user"], ends=["PermissionError"], shown="root", without=["user"])
def be_root(db: Db):
    if os.geteuid() != 0:
        raise PermissionError(errno.EPERM, f"this is user {os.geteuid()}")
    return {"done": True}


@attack(
    "take capabilities",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="root",
    without=["user", "seccomp"],
)
def take_capabilities(db: Db):
    return reached("capset", 0, 0)


@attack("files by handle", held_by=["seccomp"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def open_by_handle(db: Db):
    return reached("open_by_handle_at", -100, 0, 0)


@attack(
    "the kernel's log", held_by=["seccomp", "user"], ends=["PermissionError"], shown="root", without=["user", "seccomp"]
)
def read_the_log(db: Db):
    return reached("syslog", 10, 0, 0)


@attack("fanotify", held_by=["seccomp"], ends=["PermissionError"], shown="root", without=["user", "seccomp"])
def fanotify(db: Db):
    return reached("fanotify_init", 1 << 30, 0)


@attack(
    "change of the process (prctl)", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"]
)
def change_the_process(db: Db):
    return reached("prctl", 15, ctypes.c_char_p(b"kworker/0:0"), 0, 0, 0)  # PR_SET_NAME


@attack("personality", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def personality(db: Db):
    return reached("personality", 0xFFFFFFFF)


@attack(
    "another filter over this one", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"]
)
def another_filter(db: Db):
    return reached("seccomp", 1, 0, 0)


@attack("Landlock over Landlock", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def another_ruleset(db: Db):
    return reached("landlock_create_ruleset", 0, 0, 1)


@attack("message queue", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def message_queue(db: Db):
    return reached("mq_open", 0, 0, 0, 0)


@attack(
    "semaphores that outlive their maker",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def semaphores(db: Db):
    return reached("semget", 0, 1 << 30, 0o1000)  # more than there can be: nothing is made


@attack(
    "the table of another architecture",
    held_by=["seccomp"],
    ends=["PermissionError", "OSError", "lost:crash"],
    shown="process",
    without=["seccomp"],
    machine="x86_64",
)
def other_table(db: Db):
    # mov eax, 20 (getpid of the 32-bit table); int 0x80; ret
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    at = ctypes.addressof(ctypes.c_char.from_buffer(code))
    answer = ctypes.CFUNCTYPE(ctypes.c_int)(at)()
    if answer < 0:
        raise OSError(-answer, os.strerror(-answer))
    return {"done": answer == os.getpid()}
