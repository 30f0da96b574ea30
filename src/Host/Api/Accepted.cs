using Amoe.Engine.Explaining;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Api;

/// <summary>The language that a caller asks for.</summary>
internal static class Accepted
{
    /// <summary>
    /// The first language of Accept-Language that there is, English where there is none; the answer says which it is.
    /// </summary>
    public static Language LanguageOf(HttpContext context)
    {
        var language = context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(accepted => accepted.Quality ?? 1)
            .Select(accepted =>
                Languages.TryParse(accepted.Value.ToString().Split('-')[0].ToLowerInvariant(), out var known)
                    ? known
                    : default(Language?))
            .FirstOrDefault(known => known is not null) ?? Language.En;
        context.Response.Headers.ContentLanguage = Languages.CodeOf(language);
        return language;
    }
}
