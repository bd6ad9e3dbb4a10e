using System.Text.Json;
using FlowChat.Inbound.Cloud;

namespace FlowChat.Tests.Cloud;

public sealed class CloudCardsTests
{
    [Theory]
    [InlineData("""{"phone":"(11) 98765-4321","wa_id":"5511987654321"}""", "+5511987654321")]
    [InlineData("""{"phone":"+55 (11) 98765-4321"}""", "+5511987654321")]
    [InlineData("""{"phone":"(11) 98765-4321"}""", "(11) 98765-4321")]
    public void A_number_is_the_one_that_WhatsApp_knows(string told, string phone)
    {
        var item = JsonElement.Parse($$"""{"contacts":[{"phones":[{{told}},{{told}}]}]}""");

        var card = Assert.Single(CloudCards.Read(item).Contacts);

        Assert.Equal(phone, Assert.Single(card.Phones));
        Assert.Equal(phone, card.Name);
    }
}
