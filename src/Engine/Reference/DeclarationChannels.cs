using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Reference;

/// <summary>Where students declare their coverage (D2).</summary>
public static class DeclarationChannels
{
    /// <summary>The channel of a category.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no category of D2.</exception>
    [Rule("D2")]
    public static DeclarationChannel ChannelOf(Category category)
    {
        var channels = ReferenceData.Channels;
        return category != Category.None && (int)category < channels.Length
            ? channels[(int)category]
            : throw new ArgumentOutOfRangeException(nameof(category), category, "not a category of students");
    }

    /// <summary>
    /// The site of a channel; null for <see cref="DeclarationChannel.UniversitySite"/>, where each university has its
    /// own.
    /// </summary>
    public static string? SiteOf(DeclarationChannel channel) => ReferenceData.Sites.GetValueOrDefault(channel);
}
