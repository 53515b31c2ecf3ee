/* Preloaded into a process under test: records what it does to the files below one folder, and
 * refuses, tears or kills at a chosen moment.
 *
 * SQLite and Python both reach the disk through these functions of the C library, so the real store
 * and the real journal are watched without knowing it. Everything happens under one lock, so that
 * the record is in the order in which the system did it.
 *
 * Environment: POWERLOSS_ROOT the folder (a real path), POWERLOSS_LOG the record ("" for none).
 * The process itself steers it through powerloss_mark, powerloss_arm and powerloss_disarm.
 * The record is a row of `struct head`, each followed by its path and its data; see events.py.
 */
#define _GNU_SOURCE
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    OPENED = 1, WRITTEN, CUT, SYNCED, UNLINKED, RENAMED, FOLDER_MADE, FOLDER_REMOVED, MARKED,
    /* never recorded, only counted */
    CREATING, OPENING_TO_WRITE, SENDING, RECEIVING
};

struct head {
    uint32_t kind;
    uint32_t path_length;
    uint64_t inode;
    int64_t offset;   /* of a write; the new size of a cut */
    uint64_t length;  /* of the data */
};

static char root[PATH_MAX];
static size_t root_length;
static int record = -1;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static struct {
    long at, seen, hits;  /* the at-th counted act from now on; 0: nothing is planned */
    int code;             /* an errno, or -1: die as by kill -9 */
    int lasting;          /* and every one after it */
    int torn;             /* of the first write half gets through */
    unsigned counted;     /* kinds, one bit each */
} plan;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) {
        _exit(99);
    }
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("POWERLOSS_ROOT"), *log = getenv("POWERLOSS_LOG");
    if (folder && strlen(folder) < sizeof root - 1) {
        strcpy(root, folder);
        root_length = strlen(root);
    }
    if (log && *log) {
        int low = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        record = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, 900);
        close(low);
    }
}

/* ---- what is watched ---- */

static int below(const char *path) {
    return root_length && !strncmp(path, root, root_length) &&
           (path[root_length] == '/' || path[root_length] == 0);
}

static int path_of(int descriptor, char *into) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, into, PATH_MAX - 1);
    into[length < 0 ? 0 : length] = 0;
    return length > 0;
}

static int absolute(int folder, const char *path, char *into) {
    if (*path == '/') {
        return snprintf(into, PATH_MAX, "%s", path) < PATH_MAX;
    }
    char base[PATH_MAX];
    if (folder == AT_FDCWD ? !getcwd(base, sizeof base) : !path_of(folder, base)) {
        return 0;
    }
    return snprintf(into, PATH_MAX, "%s/%s", base, path) < PATH_MAX;
}

static int watched_path(int folder, const char *path, char *into) {
    return root_length && absolute(folder, path, into) && below(into);
}

static int watched(int descriptor, char *into) {
    return root_length && path_of(descriptor, into) && below(into);
}

/* ---- what is recorded ---- */

static uint64_t inode_of(int descriptor) {
    struct stat found;
    return fstat(descriptor, &found) ? 0 : (uint64_t)found.st_ino;
}

static uint64_t inode_at(const char *path) {
    struct stat found;
    return lstat(path, &found) ? 0 : (uint64_t)found.st_ino;
}

static void put(const void *data, size_t length) {
    const char *rest = data;
    while (length) {
        ssize_t done = syscall(SYS_write, record, rest, length);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            _exit(98);
        }
        rest += done;
        length -= (size_t)done;
    }
}

static void tell(enum kind kind, const char *path, uint64_t inode, int64_t offset, const void *data,
                 size_t length) {
    if (record < 0) {
        return;
    }
    int kept = errno;
    struct head head = {kind, (uint32_t)strlen(path), inode, offset, length};
    put(&head, sizeof head);
    put(path, head.path_length);
    put(data, length);
    errno = kept;
}

/* ---- what goes wrong: an errno, or 0; with TEAR half of a write gets through ---- */

#define TEAR (-2)

static int trouble(enum kind kind, size_t length) {
    if (!plan.at || !(plan.counted & (1u << kind))) {
        return 0;
    }
    plan.seen++;
    long since = plan.seen - plan.at;
    if (since < 0 || (since > plan.torn && !plan.lasting)) {
        return 0;
    }
    plan.hits++;
    if (plan.code < 0) {
        syscall(SYS_kill, getpid(), SIGKILL);
        pause();
    }
    return plan.torn && since == 0 && kind == WRITTEN && length > 1 ? TEAR : plan.code;
}

#define DO_OR_FAIL(kind, call)                                                                     \
    int wrong = trouble(kind, 0);                                                                  \
    int done = wrong ? (errno = wrong, -1) : (call)

void powerloss_mark(const char *text) {
    pthread_mutex_lock(&turn);
    tell(MARKED, text, 0, 0, "", 0);
    pthread_mutex_unlock(&turn);
}

void powerloss_arm(long at, int code, int lasting, int torn, unsigned counted) {
    pthread_mutex_lock(&turn);
    plan = (__typeof__(plan)){at, 0, 0, code, lasting, torn, counted};
    pthread_mutex_unlock(&turn);
}

long powerloss_disarm(void) {
    pthread_mutex_lock(&turn);
    long hits = plan.hits;
    plan.at = 0;
    pthread_mutex_unlock(&turn);
    return hits;
}

/* ---- files ---- */

static int open_any(int folder, const char *path, int flags, mode_t mode) {
    int (*really)(int, const char *, int, ...) = real("openat");
    char whole[PATH_MAX];
    if (!watched_path(folder, path, whole)) {
        return really(folder, path, flags, mode);
    }
    pthread_mutex_lock(&turn);
    struct stat before;
    int existed = !lstat(whole, &before);
    int wrong = 0;
    if ((flags & O_CREAT) && !existed) {
        wrong = trouble(CREATING, 0);
    } else if (existed && (flags & (O_WRONLY | O_RDWR)) && !((flags & O_CREAT) && (flags & O_EXCL))) {
        wrong = trouble(OPENING_TO_WRITE, 0);
    }
    int opened = wrong ? (errno = wrong, -1) : really(folder, path, flags, mode);
    if (opened >= 0) {
        tell(OPENED, whole, inode_of(opened), 0, "", 0);
        if (existed && (flags & O_TRUNC)) {
            tell(CUT, whole, inode_of(opened), 0, "", 0);
        }
    }
    pthread_mutex_unlock(&turn);
    return opened;
}

#define WITH_MODE                                                                                  \
    mode_t mode = 0;                                                                               \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                           \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }

int open(const char *path, int flags, ...) { WITH_MODE return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { WITH_MODE return open_any(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { WITH_MODE return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { WITH_MODE return open_any(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int creat(const char *path, mode_t mode) {
    return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* Writes at `offset`, or at the file's own place where that is -1. */
static ssize_t write_any(int descriptor, const void *data, size_t length, off_t offset) {
    char path[PATH_MAX];
    if (!watched(descriptor, path)) {
        return offset < 0 ? syscall(SYS_write, descriptor, data, length)
                          : syscall(SYS_pwrite64, descriptor, data, length, offset);
    }
    pthread_mutex_lock(&turn);
    int wrong = trouble(WRITTEN, length);
    ssize_t done = -1;
    if (wrong == TEAR) {
        length /= 2;
        wrong = 0;
    }
    if (wrong) {
        errno = wrong;
    } else {
        off_t place = offset;
        if (offset < 0) {
            struct stat found;
            place = (fcntl(descriptor, F_GETFL) & O_APPEND) && !fstat(descriptor, &found)
                        ? found.st_size
                        : lseek(descriptor, 0, SEEK_CUR);
            done = syscall(SYS_write, descriptor, data, length);
        } else {
            done = syscall(SYS_pwrite64, descriptor, data, length, offset);
        }
        if (done > 0) {
            tell(WRITTEN, path, inode_of(descriptor), place, data, (size_t)done);
        }
    }
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) { return write_any(descriptor, data, length, -1); }
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) { return write_any(descriptor, data, length, offset); }
ssize_t pwrite64(int descriptor, const void *data, size_t length, off_t offset) { return write_any(descriptor, data, length, offset); }

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    if (!watched(descriptor, path)) {
        return syscall(SYS_writev, descriptor, parts, count);
    }
    ssize_t all = 0;
    for (int each = 0; each < count; each++) {
        ssize_t done = write_any(descriptor, parts[each].iov_base, parts[each].iov_len, -1);
        if (done < 0) {
            return all ? all : done;
        }
        all += done;
        if ((size_t)done < parts[each].iov_len) {
            break;
        }
    }
    return all;
}

/* Copies inside the kernel are declined, as some file systems do: callers then read and write. */
ssize_t sendfile64(int to, int from, off_t *offset, size_t length) {
    char path[PATH_MAX];
    if (watched(to, path)) {
        errno = ENOTSOCK;
        return -1;
    }
    return syscall(SYS_sendfile, to, from, offset, length);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t length) { return sendfile64(to, from, offset, length); }

static int cut(int descriptor, off_t size) {
    char path[PATH_MAX];
    if (!watched(descriptor, path)) {
        return (int)syscall(SYS_ftruncate, descriptor, size);
    }
    pthread_mutex_lock(&turn);
    DO_OR_FAIL(CUT, (int)syscall(SYS_ftruncate, descriptor, size));
    if (!done) {
        tell(CUT, path, inode_of(descriptor), size, "", 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int ftruncate(int descriptor, off_t size) { return cut(descriptor, size); }
int ftruncate64(int descriptor, off_t size) { return cut(descriptor, size); }

static int sync_any(long call, int descriptor) {
    char path[PATH_MAX];
    if (!watched(descriptor, path)) {
        return (int)syscall(call, descriptor);
    }
    pthread_mutex_lock(&turn);
    DO_OR_FAIL(SYNCED, (int)syscall(call, descriptor));
    if (!done) {
        tell(SYNCED, path, inode_of(descriptor), 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int fsync(int descriptor) { return sync_any(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_any(SYS_fdatasync, descriptor); }

/* ---- names ---- */

int unlinkat(int folder, const char *path, int flags) {
    char whole[PATH_MAX];
    if (!watched_path(folder, path, whole)) {
        return (int)syscall(SYS_unlinkat, folder, path, flags);
    }
    pthread_mutex_lock(&turn);
    enum kind kind = flags & AT_REMOVEDIR ? FOLDER_REMOVED : UNLINKED;
    uint64_t inode = inode_at(whole);
    DO_OR_FAIL(kind, (int)syscall(SYS_unlinkat, folder, path, flags));
    if (!done) {
        tell(kind, whole, inode, 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    char before[PATH_MAX], after[PATH_MAX];
    int leaves = watched_path(from_folder, from, before), comes = watched_path(to_folder, to, after);
    if (!leaves && !comes) {
        return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    }
    if (!leaves || !comes) { /* in or out of the folder: the record could not tell of it */
        errno = EXDEV;
        return -1;
    }
    pthread_mutex_lock(&turn);
    uint64_t inode = inode_at(before);
    DO_OR_FAIL(RENAMED, (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0));
    if (!done) {
        tell(RENAMED, before, inode, 0, after, strlen(after));
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int mkdirat(int folder, const char *path, mode_t mode) {
    char whole[PATH_MAX];
    if (!watched_path(folder, path, whole)) {
        return (int)syscall(SYS_mkdirat, folder, path, mode);
    }
    pthread_mutex_lock(&turn);
    struct stat found;
    int wrong = lstat(whole, &found) ? trouble(FOLDER_MADE, 0) : 0;
    int done = wrong ? (errno = wrong, -1) : (int)syscall(SYS_mkdirat, folder, path, mode);
    if (!done) {
        tell(FOLDER_MADE, whole, inode_at(whole), 0, "", 0);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* ---- the network: only to die there ---- */

static void moment(enum kind kind) {
    pthread_mutex_lock(&turn);
    if (plan.at && plan.code < 0) {
        trouble(kind, 0);
    }
    pthread_mutex_unlock(&turn);
}

ssize_t send(int socket, const void *data, size_t length, int flags) {
    moment(SENDING);
    return REAL(send)(socket, data, length, flags);
}

ssize_t recv(int socket, void *data, size_t length, int flags) {
    ssize_t done = REAL(recv)(socket, data, length, flags);
    int kept = errno;
    moment(RECEIVING);
    errno = kept;
    return done;
}
