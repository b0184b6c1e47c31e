"""Signals and the like: to siblings, to the supervisor, to all

docker: a process namespace of its own
bwrap: a process namespace of its own
"""


@attack(
    "kill the siblings",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock"],
    victim=True,
)
def kill_the_siblings(db: Db):
    os.kill(SUPERVISOR, 0)
    contained()
    hit = 0
    for pid in siblings():
        try:
            os.kill(pid, signal.SIGKILL)
            hit += 1
        except ProcessLookupError:
            continue  # it has just ended
    return {"done": hit}


@attack(
    "kill -1",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock"],
    victim=True,
)
def kill_all(db: Db):
    os.kill(-1, 0)
    contained()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    os.kill(-1, signal.SIGUSR1)
    return {"done": True}


@attack(
    "SIGTERM to the supervisor",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock"],
)
def terminate_the_supervisor(db: Db):
    os.kill(SUPERVISOR, 0)
    contained()
    os.kill(SUPERVISOR, signal.SIGTERM)
    return {"done": True}


@attack(
    "SIGSTOP to the supervisor",
    held_by=["seccomp", "landlock"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp", "landlock"],
)
def stop_the_supervisor(db: Db):
    os.kill(SUPERVISOR, 0)
    contained()
    os.kill(SUPERVISOR, signal.SIGSTOP)
    return {"done": True}


@attack(
    "tgkill", held_by=["seccomp", "landlock"], ends=["PermissionError"], shown="docker", without=["seccomp", "landlock"]
)
def signal_a_thread(db: Db):
    return reached("tgkill", SUPERVISOR, SUPERVISOR, 0)


@attack("rt_sigqueueinfo", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def queue_a_signal(db: Db):
    return reached("rt_sigqueueinfo", SUPERVISOR, 0, 0)


@attack("a signal through a pidfd", held_by=["seccomp"], ends=["PermissionError"], shown="process", without=["seccomp"])
def signal_through_a_descriptor(db: Db):
    return reached("pidfd_send_signal", call("pidfd_open", os.getpid(), 0), 0, 0, 0)


@attack(
    "descriptors that signal their owner",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def own_a_descriptor(db: Db):
    fcntl.fcntl(own().fileno(), fcntl.F_SETOWN, os.getpid())
    return {"done": fcntl.fcntl(own().fileno(), fcntl.F_GETOWN)}


@attack(
    "type into a terminal (TIOCSTI)",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def type_into_a_terminal(db: Db):
    try:
        fcntl.ioctl(0, 0x5412, b"x")
    except OSError as error:
        if error.errno == errno.EPERM:
            raise
        return {"done": f"the descriptor was asked: {error.strerror}"}


@attack("slow the supervisor down", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def slow_the_supervisor_down(db: Db):
    return reached("setpriority", 0, SUPERVISOR, 0)


@attack(
    "choose the supervisor's processor",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def choose_the_processor(db: Db):
    return reached("sched_setaffinity", SUPERVISOR, 0, 0)


@attack("another scheduling policy", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def choose_the_policy(db: Db):
    return reached("sched_setscheduler", SUPERVISOR, 0, 0)


@attack(
    "the supervisor's resource limits",
    held_by=["seccomp"],
    ends=["PermissionError"],
    shown="docker",
    without=["seccomp"],
)
def limit_the_supervisor(db: Db):
    return reached("prlimit64", SUPERVISOR, 7, 0, ctypes.create_string_buffer(16))


@attack(
    "alarm that raises while a reply is written",
    held_by=["seccomp"],
    ends=["itimer_error"],
    shown="docker",
    without=["seccomp"],
)
def raise_while_replying(db: Db):
    def late(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 1000)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return {"done": True}


@attack("POSIX timer", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def make_a_timer(db: Db):
    return reached("timer_create", 0, 0, 0)


@attack("outlive the supervisor", held_by=["seccomp"], ends=["PermissionError"], shown="docker", without=["seccomp"])
def outlive_the_supervisor(db: Db):
    return reached("prctl", 1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG, to what it is
