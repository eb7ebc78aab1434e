#include "fleet-server/charges/charge_file.hpp"
#include "protocol/text/letter_case.hpp"

namespace fleet::charges {

std::string plain_header(std::string_view header) {
    std::string kept;
    for (char const c : header)
        if (c != ' ' && c != '.' && c != '_' && c != '/' && c != '-')
            kept += c;
    auto upper = protocol::text::to_upper(kept);
    constexpr std::string_view yo = "Ё";
    for (std::size_t at = 0; (at = upper.find(yo, at)) != std::string::npos;)
        upper.replace(at, yo.size(), "Е");
    return upper;
}

Profile const& common_profile() {
    static Profile const profile = {
        .invoices =
            {{Field::Account, "ЛицевойСчет", {"ЛИЦЕВОЙСЧЕТ", "ЛС", "ACCOUNT", "LS", "LSCHET"}},
             {Field::Date, "Дата", {"ДАТА", "ДАТАСЧЕТА", "DATE", "DATA"}},
             {Field::Number, "НомерСчета", {"НОМЕРСЧЕТА", "НОМЕР", "СЧЕТ", "NUMBER", "NUM"}},
             {Field::ToPay, "КОплате", {"КОПЛАТЕ", "ИТОГОКОПЛАТЕ", "TOPAY", "ITOGO"}},
             {Field::Charged, "Начислено", {"НАЧИСЛЕНО", "СУММАСЧЕТА", "CHARGED", "NACH"}, false},
             {Field::Balance, "Баланс", {"БАЛАНС", "САЛЬДО", "BALANCE", "SALDO"}, false},
             {Field::Payer, "ФИО", {"ФИО", "ПЛАТЕЛЬЩИК", "PAYER", "FIO"}, false},
             {Field::Address, "Адрес", {"АДРЕС", "ADDRESS", "ADRES"}, false}},
        .lines = {
            {Field::Account, "ЛицевойСчет", {"ЛИЦЕВОЙСЧЕТ", "ЛС", "ACCOUNT", "LS", "LSCHET"}},
            {Field::Period, "Период", {"ПЕРИОД", "МЕСЯЦ", "PERIOD"}},
            {Field::Service, "Услуга", {"УСЛУГА", "НАИМЕНОВАНИЕУСЛУГИ", "SERVICE"}},
            {Field::Amount, "Сумма", {"СУММА", "КОПЛАТЕ", "AMOUNT", "SUMMA"}},
            {Field::Unit, "Ед", {"ЕД", "ЕДИЗМ", "UNIT"}, false},
            {Field::Tariff, "Тариф", {"ТАРИФ", "TARIFF"}, false},
            {Field::Quantity, "Количество", {"КОЛИЧЕСТВО", "ОБЪЕМ", "QUANTITY"}, false}}};
    return profile;
}

} // namespace fleet::charges
