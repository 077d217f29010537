/* c_words: the names that are taken in C or C++. */
#include "c_words.h"
#include <stddef.h>
#include <string.h>

// clang-format off
const char *const c_keywords[] = {
    "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
    "_Thread_local", "alignas", "alignof", "asm", "bool", "break", "case", "catch", "char", "char16_t", "char32_t",
    "char8_t", "class", "co_await", "co_return", "co_yield", "concept", "const", "const_cast", "consteval",
    "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else",
    "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long",
    "mutable", "namespace", "new", "noexcept", "nullptr", "operator", "private", "protected", "public", "register",
    "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert",
    "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
    "typeid", "typename", "typeof", "typeof_unqual", "union", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", NULL};

/* C++'s other spellings, and auto: good names for networks, whose type is then called xor_net and auto_net. */
const char *const c_operators[] = {
    "and", "and_eq", "auto", "bitand", "bitor", "compl", "not", "not_eq", "or", "or_eq", "xor", "xor_eq", NULL};

/* Of the headers that generated C includes. */
const char *const c_types[] = {
    "double_t", "float_t", "int16_t", "int32_t", "int64_t", "int8_t", "int_fast16_t", "int_fast32_t", "int_fast64_t",
    "int_fast8_t", "int_least16_t", "int_least32_t", "int_least64_t", "int_least8_t", "intmax_t", "intptr_t",
    "max_align_t", "ptrdiff_t", "size_t", "uint16_t", "uint32_t", "uint64_t", "uint8_t", "uint_fast16_t",
    "uint_fast32_t", "uint_fast64_t", "uint_fast8_t", "uint_least16_t", "uint_least32_t", "uint_least64_t",
    "uint_least8_t", "uintmax_t", "uintptr_t", NULL};

/* Macros and variables that compilers have without being asked, or that the headers of generated C bring along. M_*: all that
 * begin so. */
const char *const c_macros[] = {
    "BIG_ENDIAN", "BYTE_ORDER", "DOMAIN", "EOF", "EXACT_REGISTER", "EXIT_FAILURE", "EXIT_SUCCESS", "FD_SETSIZE",
    "FLT_EVAL_METHOD", "HUGE", "I", "INFINITY", "LITTLE_ENDIAN", "MATH_ERREXCEPT", "MATH_ERRNO", "MAXFLOAT",
    "MB_CUR_MAX", "NAN", "NFDBITS", "NULL", "OVERFLOW", "PDP_ENDIAN", "PLOSS", "ROUNDED", "SING", "SNAN", "TLOSS",
    "UNDERFLOW", "WCONTINUED", "WEXITED", "WNOHANG", "WNOWAIT", "WSTOPPED", "WUNTRACED", "X_TLOSS", "assert",
    "complex", "errno", "i386", "imaginary", "linux", "math_errhandling", "offsetof", "signgam", "stderr", "stdin",
    "stdout", "unix", NULL};
static const char *const macro_patterns[] = {
    "M_*", "FP_*", "HUGE_*", "SNAN*", "FLT_*", "DBL_*", "LDBL_*", "*_MAX", "*_MIN", "*_WIDTH", NULL};

/* Functions, structs and types of C, of POSIX, and what <cmath> brings along: a program that uses a network may include any
 * header. */
static const char *const names[] = {
    "FILE", "a64l", "abort", "abs", "accept", "access", "acct", "acos", "acosh", "adjtime", "alarm", "aligned_alloc",
    "alloca", "arc4random", "arc4random_buf", "arc4random_uniform", "asctime", "asin", "asinh", "at_quick_exit",
    "atan", "atan2", "atanh", "atexit", "atof", "atoi", "atol", "basename", "bcmp", "bcopy", "bind", "brk", "bsearch",
    "bzero", "cabs", "cacos", "cacosh", "call_once", "calloc", "carg", "casin", "casinh", "catan", "catanh", "cbrt",
    "ccos", "ccosh", "ceil", "cexp", "chdir", "chmod", "chown", "chroot", "cimag", "clearenv", "clearerr", "clock",
    "clock_getcpuclockid", "clock_getres", "clock_gettime", "clock_nanosleep", "clock_settime", "clog", "close",
    "closefrom", "cmsghdr", "confstr", "conj", "connect", "copysign", "cos", "cosh", "cpow", "cproj", "creal",
    "creat", "crypt", "csin", "csinh", "csqrt", "ctan", "ctanh", "ctermid", "ctime", "daddl", "daemon", "daylight",
    "ddivl", "dfmal", "difftime", "dirent", "div", "div_t", "dmull", "dprintf", "drand48", "drand48_data", "drem",
    "dsqrtl", "dsubl", "dup", "dup2", "duplocale", "dysize", "ecvt", "endusershell", "environ", "erand48", "erf",
    "erfc", "exception", "execl", "execle", "execlp", "execv", "execve", "execvp", "exit", "exp", "exp10", "exp2",
    "explicit_bzero", "expm1", "fabs", "faccessat", "fadd", "fchdir", "fchmod", "fchmodat", "fchown", "fchownat",
    "fclose", "fcntl", "fcvt", "fd_mask", "fd_set", "fdatasync", "fdim", "fdiv", "fdopen", "feclearexcept",
    "fegetenv", "fegetexceptflag", "fegetround", "feholdexcept", "feof", "feraiseexcept", "ferror", "fesetenv",
    "fesetexceptflag", "fesetround", "fetestexcept", "feupdateenv", "fexecve", "fflush", "ffma", "ffs", "fgetc",
    "fgetpos", "fgets", "fileno", "finite", "flock", "flockfile", "floor", "fma", "fmax", "fmaximum", "fmaximum_mag",
    "fmaximum_mag_num", "fmaximum_num", "fmaxmag", "fmemopen", "fmin", "fminimum", "fminimum_mag", "fminimum_mag_num",
    "fminimum_num", "fminmag", "fmod", "fmul", "fopen", "fork", "fpathconf", "fpclassify", "fprintf", "fputc",
    "fputs", "fread", "free", "freelocale", "freopen", "frexp", "fromfp", "fromfpx", "fscanf", "fseek", "fseeko",
    "fsetpos", "fsqrt", "fstat", "fstatat", "fsub", "fsync", "ftell", "ftello", "ftruncate", "ftrylockfile",
    "funlockfile", "futimens", "futimes", "fwrite", "gamma", "gcvt", "getc", "getchar", "getcwd", "getdelim",
    "getdomainname", "getdtablesize", "getegid", "getentropy", "getenv", "geteuid", "getgid", "getgroups",
    "gethostid", "gethostname", "getitimer", "getline", "getloadavg", "getlogin", "getopt", "getopt_long",
    "getopt_long_only", "getpagesize", "getpass", "getpayload", "getpeername", "getpgid", "getpgrp", "getpid",
    "getppid", "getpt", "gets", "getsid", "getsockname", "getsockopt", "getsubopt", "gettimeofday", "getuid",
    "getusershell", "getw", "getwd", "gmtime", "grantpt", "gsignal", "hypot", "ilogb", "imaxabs", "imaxdiv", "index",
    "initstate", "iovec", "isalnum", "isalpha", "isascii", "isatty", "isblank", "iscntrl", "isdigit", "isfdtype",
    "isfinite", "isgraph", "isgreater", "isinf", "isless", "islower", "isnan", "isnormal", "isprint", "ispunct",
    "isspace", "isunordered", "isupper", "isxdigit", "itimerspec", "itimerval", "j0", "j1", "jmp_buf", "jn",
    "jrand48", "kill", "killpg", "l64a", "labs", "lchmod", "lchown", "lcong48", "lconv", "ldexp", "ldiv", "lgamma",
    "linger", "link", "linkat", "listen", "llabs", "lldiv", "llogb", "llrint", "llround", "localeconv", "localtime",
    "lockf", "log", "log10", "log1p", "log2", "logb", "longjmp", "lrand48", "lrint", "lround", "lseek", "lstat",
    "lutimes", "main", "malloc", "mblen", "mbstowcs", "mbtowc", "memccpy", "memchr", "memcmp", "memcpy", "memfrob",
    "memmem", "memmove", "mempcpy", "memrchr", "memset", "mkdir", "mkdirat", "mkdtemp", "mkfifo", "mkfifoat", "mknod",
    "mknodat", "mkostemp", "mkostemps", "mkstemp", "mkstemps", "mktemp", "mktime", "modf", "mrand48", "msghdr", "nan",
    "nanosleep", "nearbyint", "newlocale", "nextafter", "nextdown", "nexttoward", "nextup", "nice", "nrand48",
    "on_exit", "once_flag", "open", "open_memstream", "openat", "optarg", "opterr", "optind", "option", "optopt",
    "osockaddr", "pathconf", "pause", "pclose", "perror", "pipe", "poll", "pollfd", "popen", "posix_fadvise",
    "posix_fallocate", "posix_memalign", "posix_openpt", "pow", "pread", "printf", "profil", "pselect", "psiginfo",
    "psignal", "ptsname", "putc", "putchar", "putenv", "puts", "putw", "pwrite", "qecvt", "qfcvt", "qgcvt", "qsort",
    "quick_exit", "raise", "rand", "random", "random_data", "rawmemchr", "read", "readlink", "readlinkat", "realloc",
    "reallocarray", "realpath", "recv", "recvfrom", "recvmsg", "remainder", "remove", "remquo", "rename", "renameat",
    "revoke", "rewind", "rindex", "rint", "rmdir", "round", "roundeven", "rpmatch", "sbrk", "scalb", "scalbln",
    "scalbn", "scanf", "secure_getenv", "seed48", "select", "send", "sendmsg", "sendto", "setbuf", "setbuffer",
    "setdomainname", "setegid", "setenv", "seteuid", "setgid", "sethostid", "sethostname", "setitimer", "setjmp",
    "setlinebuf", "setlocale", "setlogin", "setpayload", "setpayloadsig", "setpgid", "setpgrp", "setregid",
    "setreuid", "setsid", "setsockopt", "setstate", "settimeofday", "setuid", "setusershell", "setvbuf", "shutdown",
    "sigaction", "sigaddset", "sigaltstack", "sigblock", "sigcontext", "sigdelset", "sigemptyset", "sigevent",
    "sigfillset", "siggetmask", "siginterrupt", "sigismember", "sigjmp_buf", "siglongjmp", "signal", "signbit",
    "significand", "sigpending", "sigprocmask", "sigqueue", "sigreturn", "sigsetmask", "sigstack", "sigsuspend",
    "sigtimedwait", "sigval", "sigwait", "sigwaitinfo", "sin", "sincos", "sinh", "sleep", "snprintf", "sockaddr",
    "sockaddr_storage", "sockatmark", "socket", "socketpair", "sprintf", "sqrt", "srand", "srand48", "srandom",
    "sscanf", "ssignal", "stat", "stpcpy", "stpncpy", "strcasecmp", "strcasestr", "strcat", "strchr", "strchrnul",
    "strcmp", "strcoll", "strcpy", "strcspn", "strdup", "strerror", "strfromd", "strfroml", "strfry", "strftime",
    "strlen", "strncasecmp", "strncat", "strncmp", "strncpy", "strndup", "strnlen", "strpbrk", "strrchr", "strsep",
    "strsignal", "strspn", "strstr", "strtod", "strtof", "strtoimax", "strtok", "strtol", "strtold", "strtoq",
    "strtoul", "strtoumax", "strtouq", "strverscmp", "strxfrm", "symlink", "symlinkat", "sync", "syscall", "sysconf",
    "system", "tan", "tanh", "tcgetpgrp", "tcsetpgrp", "tempnam", "tgamma", "time", "timegm", "timelocal", "timespec",
    "timespec_get", "timeval", "timezone", "tm", "tmpfile", "tmpnam", "toascii", "tolower", "totalorder",
    "totalordermag", "toupper", "trunc", "truncate", "ttyname", "ttyslot", "tzname", "tzset", "u_char", "u_int",
    "u_long", "u_short", "ualarm", "ufromfp", "ufromfpx", "uint", "ulong", "umask", "ungetc", "unlink", "unlinkat",
    "unlockpt", "unsetenv", "uselocale", "ushort", "usleep", "utimensat", "utimes", "va_list", "valloc", "vdprintf",
    "vfork", "vfprintf", "vfscanf", "vhangup", "vprintf", "vscanf", "vsnprintf", "vsprintf", "vsscanf", "wait",
    "waitid", "waitpid", "wcstoimax", "wcstombs", "wcstoumax", "wctomb", "write", "y0", "y1", "yn", NULL};
static const char *const name_patterns[] = {"*_t", "pthread_*", "mtx_*", "cnd_*", "thrd_*", "tss_*", "timer_*", NULL};
/* expf, strtok_r ...: what is left without its end is one of the names. */
static const char *const ends[] = {"f", "l", "f16", "f32", "f32x", "f64", "f64x", "f128", "_r", "_l", "_unlocked", "64", NULL};
// clang-format on

static bool is_listed(const char *const *list, const char *name) {
    for (; *list; list++)
        if (!strcmp(*list, name)) return true;
    return false;
}

/* A pattern has one '*', at its beginning or its end. */
static bool fits(const char *pattern, const char *name) {
    const size_t n = strlen(name), rest = strlen(pattern) - 1;
    if (n <= rest) return false;
    return *pattern == '*' ? !strcmp(name + n - rest, pattern + 1) : !strncmp(name, pattern, rest);
}

static bool fits_any(const char *const *patterns, const char *name) {
    for (; *patterns; patterns++)
        if (fits(*patterns, name)) return true;
    return false;
}

bool c_macro_pattern(const char *name) {
    return fits_any(macro_patterns, name);
}

static bool is_name(const char *name) {
    if (is_listed(names, name) || fits_any(name_patterns, name)) return true;
    for (const char *const *end = ends; *end; end++) {
        const size_t n = strlen(name), rest = strlen(*end);
        if (n <= rest || strcmp(name + n - rest, *end) != 0) continue;
        for (const char *const *base = names; *base; base++)
            if (strlen(*base) == n - rest && !strncmp(*base, name, n - rest)) return true;
    }
    return false;
}

CWord c_word_kind(const char *name) {
    if (is_listed(c_keywords, name)) return C_KEYWORD;
    if (is_listed(c_types, name)) return C_TYPE;
    if (!strcmp(name, "std")) return C_NAMESPACE;
    if (is_listed(c_operators, name)) return C_OPERATOR;
    if (is_listed(c_macros, name) || c_macro_pattern(name)) return C_MACRO;
    if (name[0] == '_' && (name[1] == '_' || (name[1] >= 'A' && name[1] <= 'Z'))) return C_MACRO; /* C's own */
    return is_name(name) ? C_NAME : C_FREE;
}

const char *c_word(const char *name) {
    static const char *const what[] = {
        [C_KEYWORD] = "a keyword in C or C++", [C_TYPE] = "a type in C", [C_NAMESPACE] = "a namespace in C++", [C_NAME] = NULL};
    return what[c_word_kind(name)];
}
