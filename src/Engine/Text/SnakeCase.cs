using System.Text;

namespace Amoe.Engine.Text;

/// <summary>
/// The snake_case names of an enum's members, as files spell them. The member None means no value and has no name.
/// </summary>
/// <remarks>
/// In arrays, and with as little as can be that knows the enum: code of a generic type is compiled for each enum anew,
/// and with dictionaries and queries it was a sixth of all that a command of half a second compiled.
/// </remarks>
internal static class SnakeCase<T>
    where T : struct, Enum
{
    private static readonly string[] AllNames;
    private static readonly T[] AllValues;

    static SnakeCase()
    {
        (AllNames, var values) = SnakeCase.Of(typeof(T));
        AllValues = (T[])values;
    }

    public static IReadOnlyList<string> Names => AllNames;

    public static IReadOnlyList<T> Values => AllValues;

    public static bool TryParse(string name, out T value)
    {
        var index = Array.IndexOf(AllNames, name);
        value = index < 0 ? default : AllValues[index];
        return index >= 0;
    }

    public static string NameOf(T value) => SnakeCase.Of(value.ToString());
}

/// <summary>The part that is the same for every enum.</summary>
internal static class SnakeCase
{
    /// <summary>The names of an enum's members, and the members.</summary>
    public static (string[] Names, Array Values) Of(Type type)
    {
        string[] names = [.. Enum.GetNames(type).Where(name => name != "None")];
        var values = Array.CreateInstance(type, names.Length);
        for (var i = 0; i < names.Length; i++)
            values.SetValue(Enum.Parse(type, names[i]), i);
        return (Array.ConvertAll(names, Of), values);
    }

    public static string Of(string pascal)
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
