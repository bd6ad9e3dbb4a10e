namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>Someone on WhatsApp: a phone number in digits and the LID that hides it.</summary>
public sealed record Person(string Phone, string Lid, string Name)
{
    public static Person Ana { get; } = new("5511987654321", "184467231056732", "Ana Ribeiro");

    public static Person Bruno { get; } = new("5521998765432", "90071992547409", "Bruno Carvalho");

    public string PhoneJid => $"{Phone}@s.whatsapp.net";

    public string LidJid => $"{Lid}@lid";

    /// <summary>The nth of a crowd: the same person for the same number.</summary>
    public static Person Number(int n) =>
        new($"55119{10_000_000 + n}", $"{200_000_000_000_000 + n}", $"Contact {n}");
}

public sealed record Group(string Jid, string Subject)
{
    public static Group Suppliers { get; } = new("120363025246125486@g.us", "Fornecedores SP");
}
