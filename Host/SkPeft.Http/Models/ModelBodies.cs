namespace SkPeft.Http.Models;

/// <summary>What there is to ask, as OpenAI and vLLM list it.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelCard> Data);

/// <summary>One model, skill or module.</summary>
/// <param name="Id">What <c>model</c> of a request may say.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">When it came to be, in seconds since 1970.</param>
/// <param name="OwnedBy">Always <c>skpeft</c>.</param>
/// <param name="Root">What answers: the exact version, or the base model.</param>
/// <param name="Parent">The base model behind it; null for the base itself.</param>
/// <param name="MaxModelLen">Positions of prompt and answer together.</param>
/// <param name="Skpeft">What vLLM does not say.</param>
internal sealed record ModelCard(string Id, string Object, long Created, string OwnedBy, string? Root, string? Parent, int MaxModelLen, ModelDetails Skpeft);

/// <summary>What a card is about.</summary>
/// <param name="Kind">base, skill, alias or version.</param>
/// <param name="Digest">SHA-256 of the version's files.</param>
/// <param name="Method">Its <c>peft_type</c>.</param>
/// <param name="Labels">The classes that a skill answers with; empty where it generates.</param>
internal sealed record ModelDetails(string Kind, string? Digest, string? Method, IReadOnlyList<string> Labels);
