using Microsoft.Extensions.Primitives;
using SkPeft.Connectors.Hosting;

namespace SkPeft.Http;

/// <summary>Settings that may change while they are served: changed skills and plugin folders are taken over, the rest holds from the next start on.</summary>
/// <param name="Read">Reads them again. It throws what is wrong with them; then the ones before go on, and the log says why.</param>
/// <param name="Changes">Gives a token that tells of the next change.</param>
public sealed record SettingsSource(Func<(SkPeftSettings Model, HttpSettings Http)> Read, Func<IChangeToken> Changes);
