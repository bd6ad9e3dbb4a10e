namespace FlowChat.Operations.Demo;

/// <summary>A conversation that anybody may see: its people and numbers are nobody's.</summary>
internal sealed record DemoConversation(
    string Phone,
    string Name,
    TimeSpan LastAgo,
    IReadOnlyList<(bool FromTeam, string Text)> Lines
)
{
    public static IReadOnlyList<DemoConversation> All { get; } =
    [
        new(
            "5511900000001",
            "Ana Ribeiro",
            TimeSpan.FromMinutes(4),
            [
                (false, "Oi! Vocês têm a luminária Aurora na cor âmbar?"),
                (true, "Oi, Ana! Temos sim, duas unidades na loja do centro."),
                (false, "Que ótimo 😊 Posso reservar uma e buscar amanhã?"),
                (true, "Reservada no seu nome até as 19h de amanhã."),
                (false, "Perfeito, obrigada!"),
            ]
        ),
        new(
            "5511900000002",
            "Bruno Carvalho",
            TimeSpan.FromMinutes(27),
            [
                (false, "Bom dia, meu pedido 4821 ainda não chegou."),
                (true, "Bom dia, Bruno! Ele saiu para entrega hoje às 8h12."),
                (false, "Ah, então espero até a tarde. Valeu!"),
            ]
        ),
        new(
            "5521900000003",
            "Clara Mendes",
            TimeSpan.FromHours(3),
            [
                (false, "Vocês emitem nota para empresa?"),
                (false, "Preciso de 12 cadeiras, entrega em Niterói."),
                (true, "Emitimos, Clara. Para 12 cadeiras o frete sai por nossa conta."),
                (true, "Mando a proposta até o fim do dia?"),
            ]
        ),
        new(
            "447700900004",
            "Daniel Hughes",
            TimeSpan.FromHours(20),
            [
                (false, "Hi! Do you ship to the UK?"),
                (true, "Hi Daniel, we do: five to eight days, tracked."),
                (false, "Brilliant, I'll order tonight."),
            ]
        ),
        new(
            "5531900000005",
            "Elisa Prado",
            TimeSpan.FromDays(2),
            [(false, "A garantia cobre o vidro do abajur?")]
        ),
    ];
}
