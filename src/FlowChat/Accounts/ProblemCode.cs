namespace FlowChat.Accounts;

/// <summary>
/// Why a request was refused, besides <see cref="Messages.SendError"/>: the page has a sentence for each. A field that is
/// wrong is <c>invalid_</c> and its name, where no code says more.
/// </summary>
internal static class ProblemCode
{
    public const string Invalid = "invalid";
    public const string NotAllowed = "not_allowed";
    public const string Gone = "gone";

    public const string Busy = "busy";

    /// <summary>What it is asked of has changed meanwhile.</summary>
    public const string WrongState = "wrong_state";
    public const string IdTaken = "id_taken";
    public const string TooLarge = "too_large";
    public const string EmptyFile = "empty_file";
    public const string UploadIncomplete = "upload_incomplete";

    /// <summary>FlowChat's own media store.</summary>
    public const string StoreAway = "store_away";
    public const string AlreadyHere = "already_here";
    public const string GatewayAway = "gateway_away";
    public const string GatewayUnlicensed = "gateway_unlicensed";

    /// <summary>FLOWCHAT_PRIVATE_HOSTS doesn't name it, or nobody may call it.</summary>
    public const string AddressNotAllowed = "address_not_allowed";

    /// <summary>Everyone of the team sees the address.</summary>
    public const string AddressWithSecret = "address_with_secret";
    public const string EmailTaken = "email_taken";
    public const string PhoneNumberIdTaken = "phone_number_id_taken";

    /// <summary>The gateway's instance is another number's, or the same number's whose making is asked for again.</summary>
    public const string InstanceTaken = "instance_taken";

    public static string OfField(string field) => $"{Invalid}_{field.Replace('.', '_')}";
}
