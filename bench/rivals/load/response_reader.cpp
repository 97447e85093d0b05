#include "response_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace armarium::bench {
namespace {

constexpr std::size_t kLongestHead = 1 << 16;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// The value of a header field in a head of lower case, or an empty view.
std::string_view field(std::string_view head, std::string_view name) {
  const std::string key = "\r\n" + std::string(name) + ":";
  const auto at = head.find(key);
  if (at == std::string_view::npos) return {};
  auto value = head.substr(at + key.size());
  value = value.substr(0, value.find("\r\n"));
  const auto first = value.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{} : value.substr(first);
}

bool number(std::string_view text, int base, std::int64_t& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value, base).ec == std::errc{} && value >= 0;
}

}  // namespace

void ResponseReader::reset() {
  state_ = State::head;
  line_.clear();
  left_ = body_bytes_ = 0;
  status_ = 0;
  close_after_ = false;
}

void ResponseReader::take_head() {
  const std::string head = lower(line_);
  std::int64_t status = 0;
  if (head.size() < 12 || !head.starts_with("http/1.") || !number(std::string_view(head).substr(9, 3), 10, status)) {
    state_ = State::broken;
    return;
  }
  status_ = static_cast<int>(status);
  close_after_ = field(head, "connection").find("close") != std::string_view::npos;
  line_.clear();
  if (status_ == 204 || status_ == 304) {
    state_ = State::done;
  } else if (field(head, "transfer-encoding").find("chunked") != std::string_view::npos) {
    state_ = State::chunk_size;
  } else if (const auto length = field(head, "content-length"); !length.empty()) {
    state_ = !number(length, 10, left_) ? State::broken : left_ > 0 ? State::body : State::done;
  } else {
    state_ = State::until_close;
    close_after_ = true;
  }
}

bool ResponseReader::take_line(std::string_view& bytes) {
  const auto end = bytes.find('\n');
  line_.append(bytes.substr(0, end));
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  if (end == std::string_view::npos) return false;
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  return true;
}

void ResponseReader::take_body(std::string_view& bytes, State next) {
  const auto used = std::min<std::int64_t>(left_, static_cast<std::int64_t>(bytes.size()));
  body_bytes_ += used;
  left_ -= used;
  bytes.remove_prefix(static_cast<std::size_t>(used));
  if (left_ == 0) state_ = next;
}

void ResponseReader::step(std::string_view& bytes) {
  switch (state_) {
    case State::head: {
      const auto before = line_.size();
      line_.append(bytes);
      const auto end = line_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
      if (end == std::string::npos) {
        bytes = {};
        if (line_.size() > kLongestHead) state_ = State::broken;
        return;
      }
      bytes.remove_prefix(end + 4 - before);
      line_.resize(end + 2);
      take_head();
      return;
    }
    case State::body: return take_body(bytes, State::done);
    case State::chunk: return take_body(bytes, State::chunk_end);
    case State::chunk_size:
      if (!take_line(bytes)) return;
      state_ = !number(line_, 16, left_) ? State::broken : left_ > 0 ? State::chunk : State::trailer;
      line_.clear();
      return;
    case State::chunk_end:
      if (!take_line(bytes)) return;
      line_.clear();
      state_ = State::chunk_size;
      return;
    case State::trailer:
      if (!take_line(bytes)) return;
      if (line_.empty()) state_ = State::done;
      line_.clear();
      return;
    case State::until_close:
      body_bytes_ += static_cast<std::int64_t>(bytes.size());
      bytes = {};
      return;
    case State::done:
    case State::broken:
      state_ = State::broken;
      bytes = {};
      return;
  }
}

void ResponseReader::feed(std::string_view bytes) {
  while (!bytes.empty()) step(bytes);
}

void ResponseReader::closed() {
  if (!finished()) state_ = state_ == State::until_close ? State::done : State::broken;
}

}  // namespace armarium::bench
