using System.Text;

namespace Amoe.Engine.Text;

/// <summary>The snake_case names of an enum's members, as files spell them. The member None stands for no value and has no name.</summary>
internal static class SnakeCase<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByName = Enum.GetValues<T>()
        .Where(value => value.ToString() != "None")
        .ToDictionary(value => Convert(value.ToString()), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static IReadOnlyCollection<T> Values => ByName.Values;

    public static bool TryParse(string name, out T value) => ByName.TryGetValue(name, out value);

    public static string NameOf(T value) => Convert(value.ToString());

    private static string Convert(string pascal)
    {
        var snake = new StringBuilder(pascal.Length + 8);
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }
        return snake.ToString();
    }
}
