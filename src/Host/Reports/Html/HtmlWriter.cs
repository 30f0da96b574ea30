using System.Text;

namespace Amoe.Host.Reports.Html;

/// <summary>
/// Writes HTML that is well-formed XML too: each element is closed, each text and attribute is escaped.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    private readonly Stack<string> _open = [];

    public void Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Tag(element, attributes, end: ">");
        _open.Push(element);
    }

    public void Close()
    {
        output.Write($"</{_open.Pop()}>");
        if (_open.Count <= 3)
            output.Write('\n');
    }

    /// <summary>An element without content, such as meta.</summary>
    public void Void(string element, params ReadOnlySpan<(string Name, string? Value)> attributes) =>
        Tag(element, attributes, end: "/>");

    public void Element(string element, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Open(element, attributes);
        Text(text);
        Close();
    }

    public void Text(string text) => output.Write(Escaped(text));

    /// <summary>A style or script, which is not escaped: it must not hold its own end tag.</summary>
    /// <exception cref="InvalidOperationException">The code would end its element.</exception>
    public void Code(string element, string code, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        if (code.Contains($"</{element}", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"code of the page ends its {element} element");
        Open(element, attributes);
        output.Write(code);
        Close();
    }

    private void Tag(string element, ReadOnlySpan<(string Name, string? Value)> attributes, string end)
    {
        output.Write('<');
        output.Write(element);
        foreach (var (name, value) in attributes)
        {
            if (value is not null)
                output.Write($" {name}=\"{Escaped(value)}\"");
        }

        output.Write(end);
    }

    /// <summary>Characters that no document may hold, such as in a file's name, become U+FFFD.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\n' or '\t' => escaped.Append(letter),
                _ => escaped.Append(char.IsControl(letter) || letter is '\ufffe' or '\uffff' ? '\ufffd' : letter),
            };
        }

        return escaped.ToString();
    }
}
