/*
 * The kernel's floor of a fan-out: one thread, epoll, one prebuilt frame, one send() per member and message, and
 * nothing else. It does not check the handshake and reads no frame: it is a bound, not a server.
 *
 * Prints its port; then answers each line "usage" on its input with its CPU seconds (user, system) and its resident
 * bytes. Ends with its input. Arguments: the payload of the frame.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, TRIGGER_FRAME = 8 }; /* 2 + 4 of mask + "go" */
enum state { FREE, UPGRADING, MEMBER, TRIGGER };

static enum state states[MOST];
static int members[MOST];
static int member_count;
static unsigned char frame[MOST];
static size_t frame_length;

static void build_frame(const char *payload) {
  size_t length = strlen(payload);
  size_t head = length < 126 ? 2 : 4;
  frame[0] = 0x81;
  frame[1] = length < 126 ? (unsigned char)length : 126;
  if (head == 4) {
    frame[2] = (unsigned char)(length >> 8);
    frame[3] = (unsigned char)length;
  }
  memcpy(frame + head, payload, length);
  frame_length = head + length;
}

static void send_all(int fd, const void *bytes, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t sent = send(fd, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
    if (sent > 0) done += (size_t)sent;
    else if (sent < 0) {
      struct pollfd wait = {.fd = fd, .events = POLLOUT};
      if (poll(&wait, 1, 5000) <= 0 || (wait.revents & (POLLERR | POLLHUP))) return;
    }
  }
}

static void broadcast(int times) {
  while (times-- > 0)
    for (int at = 0; at < member_count; at++) send_all(members[at], frame, frame_length);
}

static void forget(int fd) {
  for (int at = 0; at < member_count; at++)
    if (members[at] == fd) members[at] = members[--member_count];
  states[fd] = FREE;
  close(fd);
}

static void upgrade(int fd, const char *request) {
  static const char answer[] =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  if (!strstr(request, "\r\n\r\n")) return;
  states[fd] = strstr(request, "GET /member") ? MEMBER : TRIGGER;
  if (states[fd] == MEMBER) members[member_count++] = fd;
  send_all(fd, answer, sizeof answer - 1);
}

static void heard(int fd) {
  static char bytes[65536];
  ssize_t count = recv(fd, bytes, sizeof bytes - 1, 0);
  if (count <= 0) {
    forget(fd);
    return;
  }
  bytes[count] = 0;
  if (states[fd] == UPGRADING) upgrade(fd, bytes);
  else if (states[fd] == TRIGGER) broadcast((int)(count / TRIGGER_FRAME));
}

static void tell_usage(void) {
  char line[64];
  if (!fgets(line, sizeof line, stdin)) exit(0);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  long pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  if (statm) {
    if (fscanf(statm, "%*s %ld", &pages) != 1) pages = 0;
    fclose(statm);
  }
  printf("%.6f %.6f %ld\n", (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
         (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6, pages * sysconf(_SC_PAGESIZE));
  fflush(stdout);
}

static void watch(int epoll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) exit(1);
}

static int start_listening(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 4096) != 0) exit(1);
  if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) exit(1);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static void accept_all(int epoll, int listening) {
  int fd, on = 1;
  while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    if (fd >= MOST) exit(1);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    states[fd] = UPGRADING;
    watch(epoll, fd);
  }
}

int main(int count, char **arguments) {
  if (count != 2 || strlen(arguments[1]) > 60000) return 2;
  build_frame(arguments[1]);
  setvbuf(stdin, NULL, _IONBF, 0);
  int epoll = epoll_create1(0);
  int listening = start_listening();
  watch(epoll, listening);
  watch(epoll, STDIN_FILENO);
  for (;;) {
    struct epoll_event events[256];
    int ready = epoll_wait(epoll, events, 256, -1);
    for (int at = 0; at < ready; at++) {
      int fd = events[at].data.fd;
      if (fd == listening) accept_all(epoll, listening);
      else if (fd == STDIN_FILENO) tell_usage();
      else heard(fd);
    }
  }
}
