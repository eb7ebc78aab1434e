#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "devices/printer/session.hpp"
#include "devices/printer/simulator.hpp"

namespace tests {

/// A session and a simulated printer in one room, in virtual time: what the driver does with a
/// line, without a line.
struct Rehearsal {
    using TimePoint = devices::printer::Simulator::TimePoint;

    devices::printer::Simulator simulator{};
    TimePoint now = TimePoint{} + std::chrono::hours{1};
    /// The line dies before this step (writes and questions are counted, from 0).
    std::size_t lose_line_at = std::numeric_limits<std::size_t>::max();
    /// A customer takes the ticket as soon as it is seen.
    bool customer_takes = false;

    std::size_t steps = 0;
    std::size_t bytes_while_stopped = 0;
    bool is_paper_clean = true;
    devices::printer::StatusReader reader{};

    devices::printer::Finished run(
        devices::printer::Task task, devices::printer::Document const& document = {}) {
        using namespace devices::printer;
        Session session{
            task,
            task == Task::Print ? encode(document).value() : Job{},
            {.is_paper_clean = is_paper_clean}};
        Input input = Proceed{};
        for (;;) {
            Action action = session.resume(input);
            if (auto* const finished = std::get_if<Finished>(&action)) {
                is_paper_clean = finished->is_paper_clean;
                return std::move(*finished);
            }
            input = carry_out(action);
            if (customer_takes)
                simulator.take_ticket();
        }
    }

    devices::printer::Input carry_out(devices::printer::Action const& action) {
        using namespace devices::printer;
        using namespace std::chrono_literals;
        if (auto const* pause = std::get_if<Pause>(&action)) {
            now += pause->duration;
            reader.push(simulator.tick(now));
            return Proceed{};
        }
        if (auto const* wait = std::get_if<AwaitXon>(&action)) {
            for (auto const end = now + wait->within;
                 now < end && reader.flow() == Flow::Stopped;) {
                now += 10ms;
                reader.push(simulator.tick(now));
            }
            return Heard{std::nullopt, reader.flow()};
        }
        if (steps++ >= lose_line_at)
            return LineFailed{};
        if (auto const* send = std::get_if<Send>(&action)) {
            if (reader.flow() == Flow::Stopped)
                bytes_while_stopped += send->bytes.size();
            reader.push(simulator.receive(send->bytes, now));
            return Proceed{};
        }
        auto const& question = std::get<Ask>(action);
        reader.push(simulator.tick(now));
        reader.forget();
        reader.push(simulator.receive(question.question, now));
        auto const status = reader.next();
        now += status ? 10ms : question.within;
        return Heard{status, reader.flow()};
    }
};

/// A receipt as a kiosk prints it, with every kind of block.
inline devices::printer::Document receipt() {
    using namespace devices::printer;
    std::string const payload =
        "t=20090915T1200&s=4600.00&fn=9999078900004792&i=12&fp=3522207165&n=1";
    return {{
        TextLine{.text = "ООО «Расчётный центр»", .align = Align::Centre},
        TextLine{
            .text = "КВИТАНЦИЯ",
            .align = Align::Centre,
            .weight = Weight::Bold,
            .size = Size::Double},
        RuleLine{},
        PairLine{.name = "Платёж", .value = "17-4"},
        PairLine{.name = "Получатель", .value = "ООО «Юнисервис»"},
        PairLine{.name = "Лицевой счёт", .value = "М003К006"},
        PairLine{
            .name = "Содержание и ремонт жилого помещения, включая вывоз мусора",
            .value = "1 234,56"},
        PairLine{.name = "Внесено", .value = "4 600,00 руб.", .weight = Weight::Bold},
        TextLine{
            .text = "Сохраняйте квитанцию до зачисления денег на лицевой счёт получателя — "
                    "8\u00A0800\u00A0000-00-00"},
        TextLine{},
        QrBlock{.payload = {payload.begin(), payload.end()}},
        TextLine{.text = "Спасибо", .align = Align::Right},
    }};
}

inline std::string joined_lines(devices::printer::Ticket const& ticket) {
    std::string text;
    for (std::string const& line : devices::printer::lines_of(ticket))
        text += line + "\n";
    return text;
}

} // namespace tests
