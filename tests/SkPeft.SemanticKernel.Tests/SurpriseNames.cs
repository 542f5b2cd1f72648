namespace SkPeft.SemanticKernel.Tests;

/// <summary>What a connector has to be built for; each has a test of this name.</summary>
public static class SurpriseNames
{
    public static TheoryData<string> All { get; } =
    [
        "Surprise01_AClientWithoutMetadata_ThrowsInTheKernel",
        "Surprise02_WithoutSettings_TheClientGetsNoOptions",
        "Surprise03_TheDefaultClient_IsTheLastRegisteredKey",
        "Surprise04_AnUnknownServiceId_FindsNobody",
        "Surprise05_ASelectorOfServicesOnly_FindsNoChatClient_AndOtherServicesGoFirst",
        "Surprise06_ExtensionDataTellsCasesApart",
        "Surprise07_AdHocPromptsAndAgents_HaveMadeUpNames",
        "Surprise08_SettingsOfArguments_LeakIntoNestedCalls",
        "Surprise09_AStreamIsReadLater",
        "Surprise10_InsertedValuesAreHtml",
        "Surprise11_ToolNamesArePluginUnderscoreFunction",
        "Surprise12_TheSchemaCallsTheDescriptionCondition",
        "Surprise13_ToolResultsAreOfManyTypes",
        "Surprise14_ModeNoneStillSendsTheTools",
        "Surprise15_FinishReasonAndReceipt_AreInTheMetadata",
        "Surprise16_ErrorsPassThrough_CancellationIsTheKernels",
    ];
}
