#include "decode/session.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "codec/worker_process.h"
#include "decode/encode.h"
#include "decode/reader.h"
#include "decode/sandbox.h"

namespace armarium::decode {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::worker::Descriptor;
using codec::worker::Job;
using codec::worker::Operation;
using codec::worker::Outcome;
using codec::worker::Reply;

struct Received {
  Job job;
  Descriptor read_from;
  Descriptor write_to;
};

constexpr int kIdleMilliseconds = 60'000;
volatile unsigned spinning = 0;

// Whether nothing came for a while.
bool idle(int socket) {
  pollfd event{socket, POLLIN, 0};
  return poll(&event, 1, kIdleMilliseconds) == 0;
}

// Nothing when the server has gone or says nonsense.
std::optional<Received> receive(int socket) {
  Received received;
  iovec part{&received.job, sizeof received.job};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(2 * sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t length = 0;
  do {
    length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (length < 0 && errno == EINTR);
  const cmsghdr* header = length > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(2 * sizeof(int)))
    return std::nullopt;
  std::array<int, 2> descriptors{-1, -1};
  std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof descriptors);
  received.read_from = Descriptor(descriptors[0]);
  received.write_to = Descriptor(descriptors[1]);
  if (length != static_cast<ssize_t>(sizeof received.job) || received.job.magic != codec::worker::kMagic)
    return std::nullopt;
  return received;
}

Outcome outcome_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::corrupt: return Outcome::corrupt;
    case ErrorCode::unsupported: return Outcome::unsupported;
    case ErrorCode::resource_limit: return Outcome::resource_limit;
    default: return Outcome::internal;
  }
}

class Session {
 public:
  Result<Bytes> run(Received& received) {
    const Job& job = received.job;
    allow_cpu_seconds(job.cpu_seconds);
    switch (job.operation) {
      case Operation::index:
      case Operation::decode: return read(received);
      case Operation::encode: {
        Bytes samples(job.size.area() * job.pixels.bytes_per_pixel());
        if (auto got = codec::worker::read_all(received.read_from.get(), 0, samples); !got)
          return fail(std::move(got.error()));
        return encode(job, std::move(samples));
      }
      case Operation::crash: std::abort();
      case Operation::spin:
        while (true) spinning = spinning + 1;
      case Operation::hang:
        while (true) poll(nullptr, 0, -1);  // pause() is none of the sandbox's calls
      default: return fail(ErrorCode::internal, "There is no such operation.");
    }
  }

  // Whether the last job's pixels are only a part of what should be there.
  bool damaged() const { return reader_ && reader_->partial(); }

  // Gives back the memory of a picture that nobody looks at any more.
  void forget() {
    reader_.reset();
    file_ = Descriptor();
    malloc_trim(0);
  }

 private:
  Result<Bytes> read(Received& received) {
    const Job& job = received.job;
    const bool index = job.operation == Operation::index;
    if (index || !reader_ || key_ != job.key || loader_ != job.loader) {
      if (auto opened = open(received); !opened) return fail(std::move(opened.error()));
    }
    if (!index) return reader_->read(job);
    auto answer = reader_->index(job);
    if (!answer) return fail(std::move(answer.error()));
    answer->loader = loader_;
    return write_index_answer(*answer);
  }

  Result<> open(Received& received) {
    const Job& job = received.job;
    reader_.reset();
    // A description of its own: the server's is shared with other processes, file position and all.
    const std::string shared = fmt::format("/proc/self/fd/{}", received.read_from.get());
    file_ = Descriptor(::open(shared.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_) return fail(ErrorCode::internal, "The file could not be opened.", std::strerror(errno));
    const Input input{file_.get(), fmt::format("/proc/self/fd/{}", file_.get()), job.format};
    codec::worker::Loader loader = job.loader;
    auto opened = open_reader(input, loader);
    if (!opened) return fail(std::move(opened.error()));
    reader_ = std::move(*opened);
    loader_ = loader;
    key_ = job.key;
    return {};
  }

  Descriptor file_;  // outlives the reader
  std::unique_ptr<Reader> reader_;
  std::array<char, 40> key_{};
  codec::worker::Loader loader_ = codec::worker::Loader::choose;
};

bool send(int socket, const Reply& reply) {
  return ::send(socket, &reply, sizeof reply, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof reply);
}

Reply answer(Session& session, Received& received) {
  Reply reply;
  reply.id = received.job.id;
  auto result = session.run(received);
  if (result && result->size() > received.job.room)
    result = fail(ErrorCode::resource_limit, "The answer is too large.");
  if (result) {
    if (auto written = codec::worker::write_all(received.write_to.get(), 0, *result); !written)
      result = fail(std::move(written.error()));
  }
  if (result) {
    reply.outcome = Outcome::done;
    reply.length = result->size();
    reply.damaged = received.job.operation == Operation::decode && session.damaged() ? 1 : 0;
  } else {
    reply.outcome = outcome_of(result.error().code);
    // The server has sentences of its own for the outcomes.
    std::strncpy(reply.detail.data(), result.error().detail.c_str(), reply.detail.size() - 1);
  }
  return reply;
}

}  // namespace

int run_session(int socket) {
  Reply ready;
  ready.outcome = Outcome::done;
  if (!send(socket, ready)) return 1;
  Session session;
  while (true) {
    if (idle(socket)) session.forget();
    auto received = receive(socket);
    if (!received) return 0;
    if (!send(socket, answer(session, *received))) return 1;
  }
}

}  // namespace armarium::decode
