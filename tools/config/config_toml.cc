/* From toml++'s values to jansson's. */
#include "config.h"

#include <cstdio>
#include <filesystem>
#include <sstream>
#include <toml++/toml.h>

namespace
{
constexpr std::uintmax_t file_bytes_max = 1 << 20;

json_t *convert(const toml::node &node);

json_t *convert_table(const toml::table &table)
{
    json_t *out = json_object();

    for (const auto &[key, value] : table)
        json_object_set_new(out, std::string(key.str()).c_str(), convert(value));
    return out;
}

json_t *convert_array(const toml::array &array)
{
    json_t *out = json_array();

    for (const toml::node &value : array)
        json_array_append_new(out, convert(value));
    return out;
}

json_t *convert(const toml::node &node)
{
    if (const toml::table *table = node.as_table())
        return convert_table(*table);
    if (const toml::array *array = node.as_array())
        return convert_array(*array);
    if (const auto *text = node.as_string())
        return json_stringn(text->get().data(), text->get().size());
    if (const auto *number = node.as_integer())
        return json_integer(number->get());
    if (const auto *number = node.as_floating_point())
        return json_real(number->get());
    if (const auto *truth = node.as_boolean())
        return json_boolean(truth->get());

    std::ostringstream text;
    node.visit([&](const auto &value) {
        if constexpr (toml::is_value<decltype(value)>)
            text << value.get();
    });
    return json_string(text.str().c_str());
}
} // namespace

json_t *config_read(const char *path, char *error, size_t error_size)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(path, failure);

    if (failure) {
        std::snprintf(error, error_size, "%s: %s", path, failure.message().c_str());
        return nullptr;
    }
    if (size > file_bytes_max) {
        std::snprintf(error, error_size, "%s: larger than 1 MiB", path);
        return nullptr;
    }
    try {
        return convert_table(toml::parse_file(path));
    } catch (const toml::parse_error &e) {
        const std::string_view text = e.description();

        std::snprintf(error, error_size, "%s:%u: %.*s", path, e.source().begin.line,
                      static_cast<int>(text.size()), text.data());
    } catch (const std::exception &e) {
        std::snprintf(error, error_size, "%s: %s", path, e.what());
    }
    return nullptr;
}
