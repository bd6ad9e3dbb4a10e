using FlowChat.Contacts;

namespace FlowChat.Pictures;

/// <summary>An event tells which picture somebody, or a group, has now.</summary>
/// <param name="InstanceId">Whose event.</param>
/// <param name="Address">Who has it.</param>
/// <param name="Source">See <see cref="PictureSource"/>.</param>
internal sealed record PictureNews(Guid InstanceId, WhatsAppAddress Address, string Source);
