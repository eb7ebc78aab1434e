#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "kiosk/screens/views.hpp"
#include "protocol/base/complaint.hpp"
#include "protocol/base/result.hpp"

namespace kiosk::screens {

using protocol::Complaint;
using protocol::Result;

/// The templates, styles and strings of `ui-assets/`, already read and checked. Reading files is
/// the caller's business: `files` maps a path below `ui-assets/` to what is in it.
///
///     screens/<id>.html        one template a screen
///     screens/parts/<x>.html   pieces that the templates name as {{>x}}
///     styles/<x>.css           named as {{{x.css}}}
///     strings/<language>.json  a flat object; each string is a template itself, named as {{>key}}
class Assets {
public:
    using Files = std::map<std::string, std::string>;

    /// Complains of a file that is missing, does not parse, or of a string that one language lacks.
    [[nodiscard]] static Result<Assets, Complaint> from_files(Files const& files);

    /// Null when there is no such file.
    [[nodiscard]] std::string const* screen(std::string_view id) const;
    /// A piece for {{>name}}: a string of the language, a part or a style. Null when there is none.
    [[nodiscard]] std::string const* piece(Language language, std::string_view name) const;

    using Strings = std::map<std::string, std::string, std::less<>>;
    [[nodiscard]] Strings const& strings(Language language) const;

private:
    using Named = std::map<std::string, std::string, std::less<>>;
    Named screens_;
    Named pieces_;
    Strings russian_;
    Strings english_;
};

} // namespace kiosk::screens
