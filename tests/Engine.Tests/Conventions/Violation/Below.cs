namespace Amoe.Engine.Tests.Conventions.Violation.Below;

/// <summary>Breaks the order of layers on purpose: <see cref="LayerTests"/> has to find it.</summary>
internal static class UsesWhatIsAbove
{
    public static string Name => Above.IsAbove.Name;
}
