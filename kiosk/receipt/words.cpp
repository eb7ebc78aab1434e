#include "kiosk/receipt/words.hpp"

namespace kiosk::receipt {

namespace {

constexpr Words russian{
    .inn = "ИНН",
    .kiosk = "Платёжный терминал №",
    .copy = "КОПИЯ",
    .receipt = "Квитанция №",
    .date = "Дата и время",
    .payee = "Получатель:",
    .payee_inn = "ИНН получателя",
    .account = "Лицевой счёт",
    .payer = "Плательщик",
    .period = "Период",
    .cash_taken = "Принятые купюры:",
    .paid = "Внесено",
    .fee = "Комиссия",
    .credited = "Зачислено",
    .advance = "в том числе аванс",
    .change = "Остаток",
    .change_kept =
        "Внесённого не хватило на комиссию. Остаток записан за лицевым счётом; чтобы "
        "получить его, обратитесь по телефону горячей линии.",
    .state_after = "Состояние счёта после платежа:",
    .debt_left = "Осталось оплатить",
    .advance_after = "Аванс",
    .as_of = "по данным на",
    .taken_offline =
        "Принято без связи с сервером. Платёж записан и будет передан получателю "
        "автоматически, когда связь появится.",
    .channel = "Способ оплаты",
    .cash = "наличные",
    .hotline = "Горячая линия:",
    .payee_phone = "Телефон получателя:",
    .keep = "Сохраните квитанцию до зачисления платежа",
};

constexpr Words english{
    .inn = "INN",
    .kiosk = "Payment kiosk No",
    .copy = "COPY",
    .receipt = "Receipt No",
    .date = "Date and time",
    .payee = "Payee:",
    .payee_inn = "Payee's INN",
    .account = "Account",
    .payer = "Payer",
    .period = "Period",
    .cash_taken = "Notes taken:",
    .paid = "Paid in",
    .fee = "Commission",
    .credited = "Credited",
    .advance = "of it in advance",
    .change = "Left over",
    .change_kept =
        "What was paid in does not cover the commission. It is kept for the account; "
        "to get it back, call the hotline.",
    .state_after = "The account after this payment:",
    .debt_left = "Still to pay",
    .advance_after = "In advance",
    .as_of = "as of",
    .taken_offline =
        "Taken without a connection to the server. The payment is recorded and will "
        "reach the payee by itself once the connection is back.",
    .channel = "Paid by",
    .cash = "cash",
    .hotline = "Hotline:",
    .payee_phone = "Payee's telephone:",
    .keep = "Please keep this receipt until the payment is credited",
};

} // namespace

Words const& words_of(Language language) {
    switch (language) {
    case Language::Russian: return russian;
    case Language::English: return english;
    }
    return russian;
}

} // namespace kiosk::receipt
