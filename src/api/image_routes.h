#pragma once
// Shared by the image_*.cpp files: the addresses of image services, and the handlers behind them. A handler runs on an I/O thread: what is at hand it answers there, everything
// else goes to the pool.

#include <memory>
#include <string>
#include <string_view>

#include "api/image_records.h"
#include "iiif/image_request.h"

namespace armarium::api {

struct ImageService {
  explicit ImageService(const Services& with) : services(with), records(with) {}
  const Services& services;
  ImageRecords records;
};
using ImageServicePtr = std::shared_ptr<ImageService>;

// The address of a service as this request spelled it: with %2F where the identifier came with slashes, canonical otherwise.
struct ServiceAddress {
  iiif::ImageVersion version = iiif::ImageVersion::v3;
  std::string identifier;  // decoded once
  std::string base;        // "https://host/iiif/image/3/{id}", no slash at the end
};
ServiceAddress address_of(const http::Request& request, iiif::ImageVersion version, std::string_view spelled);

// The Link header's value that names the profile.
const std::string& profile_link(iiif::ImageVersion version);

void answer_information(const ImageServicePtr& service, const http::ExchangePtr& exchange, ServiceAddress address);
void answer_picture(const ImageServicePtr& service, const http::ExchangePtr& exchange, ServiceAddress address,
                    iiif::ImageRequest asked);

}  // namespace armarium::api
