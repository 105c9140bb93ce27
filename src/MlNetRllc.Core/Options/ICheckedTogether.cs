namespace MlNetRllc.Core.Options;

/// <summary>Options that can be right one by one and wrong together.</summary>
internal interface ICheckedTogether
{
    /// <summary>What is wrong, as the end of a sentence that begins with the options' name; null when nothing is.</summary>
    string? WhatIsWrong();
}
