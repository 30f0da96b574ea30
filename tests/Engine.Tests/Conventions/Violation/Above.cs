namespace Amoe.Engine.Tests.Conventions.Violation.Above;

internal static class IsAbove
{
    public static string Name { get; } = nameof(IsAbove);
}
