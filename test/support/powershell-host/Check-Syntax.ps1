# Says what is wrong with the scripts of a folder: syntax errors, words of PowerShell 7 that Windows PowerShell 5.1
# does not know, commands that are neither the scripts' own nor among those named, and texts compared so that case does
# not count. One line each; nothing if all is well.
param([string]$Folder, [string]$Commands)

$paths = [IO.Directory]::GetFiles($Folder, '*.ps1')
$trees = foreach ($path in $paths) {
  $errors = $null
  $tree = [Management.Automation.Language.Parser]::ParseFile($path, [ref]$null, [ref]$errors)
  foreach ($one in $errors) { "$($one.Extent.File):$($one.Extent.StartLineNumber) $($one.Message)" }
  $tree
}
$lines = @($trees | Where-Object { $_ -is [string] })
$trees = @($trees | Where-Object { $_ -isnot [string] })

function Get-Newer($Node) {
  switch ($Node.GetType().Name) {
    'TernaryExpressionAst' { 'a ? b : c' }
    'PipelineChainAst' { '&& or ||' }
    'BinaryExpressionAst' { if ("$($Node.Operator)" -eq 'QuestionQuestion') { '??' } }
    'AssignmentStatementAst' { if ("$($Node.Operator)" -eq 'QuestionQuestionEquals') { '??=' } }
    'MemberExpressionAst' { if ($Node.NullConditional) { '?.' } }
    'InvokeMemberExpressionAst' { if ($Node.NullConditional) { '?.' } }
    'IndexExpressionAst' { if ($Node.NullConditional) { '?[]' } }
    'CommandParameterAst' { if ($Node.ParameterName -eq 'Parallel') { '-Parallel' } }
    'ScriptBlockAst' { if ($Node.CleanBlock) { 'clean {}' } }
    'PipelineAst' { if ($Node.Background) { '&' } }
  }
}

function Test-Loose($Node) {
  if ($Node -is [Management.Automation.Language.SwitchStatementAst]) { return "$($Node.Flags)" -notmatch 'CaseSensitive' }
  if ($Node -isnot [Management.Automation.Language.BinaryExpressionAst]) { return $false }
  if ("$($Node.Operator)" -cnotmatch '^I(eq|ne|like|notlike|match|notmatch|replace|split|contains|notcontains|in|notin)$') { return $false }
  foreach ($side in $Node.Left, $Node.Right) {
    $first = if ($side -is [Management.Automation.Language.ArrayLiteralAst]) { $side.Elements[0] } else { $side }
    if ($first -is [Management.Automation.Language.StringConstantExpressionAst]) { return $true }
    if ($first -is [Management.Automation.Language.ExpandableStringExpressionAst]) { return $true }
  }
  $false
}

$own = @($Commands.Split(',')) + @(foreach ($tree in $trees) {
    $tree.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true) | ForEach-Object { $_.Name }
  })
foreach ($tree in $trees) {
  foreach ($node in $tree.FindAll({ $true }, $true)) {
    $at = "$([IO.Path]::GetFileName($node.Extent.File)):$($node.Extent.StartLineNumber)"
    foreach ($word in @(Get-Newer $node)) { $lines += "$at not in 5.1: $word" }
    if (Test-Loose $node) { $lines += "$at case does not count: $($node.Extent.Text.Split("`n")[0])" }
    if ($node -isnot [Management.Automation.Language.CommandAst]) { continue }
    $name = $node.GetCommandName()
    if ($name -and $own -cnotcontains $name) { $lines += "$at not a command of the kit: $name" }
  }
}
$lines
