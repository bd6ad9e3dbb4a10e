namespace FlowChat.Media.Forms;

/// <summary>A form of file that its first bytes tell.</summary>
/// <param name="MimeType">What it is called.</param>
/// <param name="Others">What it is also called, or is when its sender says so; <c>application/x-</c> stands for all that begin so.</param>
internal sealed record MediaForm(string MimeType, params IReadOnlyList<string> Others)
{
    public bool IsCalled(string type) =>
        type == MimeType
        || Others.Any(other =>
            other == type
            || (other[^1] is '-' or '.' && type.StartsWith(other, StringComparison.Ordinal))
        );
}
